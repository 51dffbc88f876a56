package dev.bursar;

import static com.tngtech.archunit.lang.conditions.ArchConditions.not;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import dev.bursar.budget.Holds;
import dev.bursar.web.Allowed;
import dev.bursar.workload.Driver;
import dev.bursar.workload.Spec;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import org.springframework.data.repository.Repository;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The house as INVARIANTS.md promises it: what would become ugly first cannot be built. */
@AnalyzeClasses(packages = "dev.bursar", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTests {

    private static final String LIFECYCLE = "dev.bursar.workload..";
    private static final String MONEY = "dev.bursar.budget..";
    private static final String EVENTS = "dev.bursar.event..";

    @ArchTest
    static final ArchRule lifecycleMoneyAndEventsNameNoSpecOfAKind = noClasses()
            .that()
            .resideInAnyPackage(LIFECYCLE, MONEY, EVENTS)
            .should()
            .dependOnClassesThat(isASpecOfAKind());

    @ArchTest
    static final ArchRule lifecycleNamesNoSageMakerClass = noClasses()
            .that()
            .resideInAnyPackage(LIFECYCLE, MONEY, EVENTS)
            .should()
            .dependOnClassesThat()
            .resideInAPackage("software.amazon.awssdk.services..");

    @ArchTest
    static final ArchRule onlyTheFirstJacksonSAnnotationsAreUsed = noClasses()
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.fasterxml.jackson.databind..", "com.fasterxml.jackson.core..");

    @ArchTest
    static final ArchRule nobodyAsksTheMachineForTheTime = noClasses()
            .that()
            .resideOutsideOfPackage("dev.bursar.engine..")
            .should()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(LocalDate.class, "now")
            .orShould()
            .callMethod(LocalDateTime.class, "now")
            .orShould()
            .callMethod(ZonedDateTime.class, "now");

    @ArchTest
    static final ArchRule clocksAreMadeInTwoPlacesOnly = noClasses()
            .that()
            .resideOutsideOfPackage("dev.bursar.engine..")
            .and()
            .doNotHaveFullyQualifiedName("dev.bursar.BursarConfiguration")
            .and()
            .doNotHaveFullyQualifiedName("dev.bursar.core.Lapse")
            .and()
            .doNotHaveFullyQualifiedName("dev.bursar.embedded.EmbeddedEngine")
            .should()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(Clock.class, "systemDefaultZone");

    @ArchTest
    static final ArchRule moneyIsNeverAFloatingPointNumber = noFields()
            .that()
            .areDeclaredInClassesThat()
            .resideInAnyPackage(MONEY, "dev.bursar.core..", "dev.bursar.catalogue..")
            .and()
            .haveNameMatching("(?i).*(usd|price|amount|money|cost|held|charged|rate).*")
            .should()
            .haveRawType(double.class)
            .orShould()
            .haveRawType(float.class)
            .orShould()
            .haveRawType(Double.class);

    @ArchTest
    static final ArchRule noArithmeticOfMoneyGoesThroughADouble = noClasses()
            .that()
            .resideInAnyPackage(MONEY, "dev.bursar.core..", LIFECYCLE)
            .should()
            .callMethod(BigDecimal.class, "doubleValue")
            .orShould()
            .callConstructor(BigDecimal.class, double.class)
            .orShould()
            .callMethod(BigDecimal.class, "valueOf", double.class);

    @ArchTest
    static final ArchRule onlyHoldsIsTheDoorToMoney = noClasses()
            .that()
            .resideOutsideOfPackage(MONEY)
            .should()
            .dependOnClassesThat()
            .haveNameMatching("dev\\.bursar\\.budget\\.(MoneyTables|Purse|Budget|BudgetRepository).*");

    @ArchTest
    static final ArchRule holdsMoveInSomebodySTransaction =
            classes().that().belongToAnyOf(Holds.class).should().beAnnotatedWith(Transactional.class);

    @ArchTest
    static final ArchRule typesAreNamedForWhatTheyAre =
            classes().that().resideInAPackage("dev.bursar..").should(not(haveAForbiddenName()));

    @ArchTest
    static final ArchRule controllersAreTheirModuleSOwn =
            classes().that().areAnnotatedWith(RestController.class).should().bePackagePrivate();

    @ArchTest
    static final ArchRule everyOperationSaysWhoMayCallIt = methods()
            .that()
            .areMetaAnnotatedWith(RequestMapping.class)
            .and()
            .areDeclaredInClassesThat(answerUnderApi())
            .should()
            .beAnnotatedWith(Allowed.class);

    @ArchTest
    static final ArchRule noTransactionIsOpenWhereADriverIsAtHand =
            classes().that(haveAFieldOf(Driver.class)).should(not(beTransactional()));

    @ArchTest
    static final ArchRule controllersReadAndWriteThroughTheirModule = fields().that()
            .areDeclaredInClassesThat()
            .areAnnotatedWith(RestController.class)
            .should()
            .notHaveRawType(TransactionTemplate.class)
            .andShould()
            .notHaveRawType(JdbcClient.class);

    @ArchTest
    static final ArchRule repositoriesAreTheirModuleSOwn =
            classes().that().areAssignableTo(Repository.class).should().bePackagePrivate();

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> isASpecOfAKind() {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "are the spec of a kind", type -> type.isAssignableTo(Spec.class) && !type.isEquivalentTo(Spec.class));
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> answerUnderApi() {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "answer under /api",
                type -> type.isAnnotatedWith(RequestMapping.class)
                        && type.getAnnotationOfType(RequestMapping.class).value().length > 0
                        && type.getAnnotationOfType(RequestMapping.class)
                                .value()[0]
                                .startsWith("/api"));
    }

    private static com.tngtech.archunit.base.DescribedPredicate<JavaClass> haveAFieldOf(Class<?> wanted) {
        return com.tngtech.archunit.base.DescribedPredicate.describe(
                "have a field of type " + wanted.getSimpleName(),
                type -> type.getAllFields().stream()
                        .anyMatch(field ->
                                field.getAllInvolvedRawTypes().stream().anyMatch(raw -> raw.isEquivalentTo(wanted))));
    }

    private static ArchCondition<JavaClass> haveAForbiddenName() {
        return new ArchCondition<>("have a name that says nothing") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var bad = type.getSimpleName()
                        .matches(
                                ".*(Manager|Helper|Utils?|Impl|Dto|DTO|Entity|Data|Info|Processor|Mapper)|(Base|Abstract).+");
                events.add(new SimpleConditionEvent(type, bad, type.getName()));
            }
        };
    }

    private static ArchCondition<JavaClass> beTransactional() {
        return new ArchCondition<>("be transactional") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                var is = type.isAnnotatedWith(Transactional.class)
                        || type.getMethods().stream().anyMatch(ArchitectureTests::isTransactional);
                events.add(new SimpleConditionEvent(type, is, type.getName()));
            }
        };
    }

    private static boolean isTransactional(JavaMethod method) {
        return method.isAnnotatedWith(Transactional.class);
    }
}
