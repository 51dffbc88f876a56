# docker build -t bursar .
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY checkstyle.xml ./
COPY db db
COPY openapi openapi
COPY src src
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -q -DskipTests -Dspotless.check.skip -Dcheckstyle.skip package \
 && java -Djarmode=tools -jar target/bursar.jar extract --layers --destination /layers

FROM eclipse-temurin:25-jre
# libgomp1: XGBoost. python3: scripts in local mode, which also use whatever packages are added here.
RUN apt-get update \
 && apt-get install -y --no-install-recommends libgomp1 python3 \
 && rm -rf /var/lib/apt/lists/* \
 && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin bursar \
 && install -d -o bursar -g bursar -m 0700 /data
WORKDIR /app
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/spring-boot-loader/ ./
COPY --from=build /layers/snapshot-dependencies/ ./
COPY --from=build /layers/application/ ./
# PostgreSQL and engine refuse to be root's; everything that lasts is in /data.
USER bursar
VOLUME /data
ENV BURSAR_HOME=/data SERVER_ADDRESS=0.0.0.0
EXPOSE 8080
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "-XX:MaxRAMPercentage=50", "-jar", "bursar.jar"]
