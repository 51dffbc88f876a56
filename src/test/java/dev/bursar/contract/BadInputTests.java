package dev.bursar.contract;

import static dev.bursar.contract.Trainings.archive;
import static dev.bursar.contract.Trainings.script;
import static dev.bursar.contract.Trainings.xgboost;
import static org.assertj.core.api.Assertions.assertThat;

import dev.bursar.testing.ServiceTest;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;

/** What is wrong with a request for work is found and said before any money is held, and leaves no trace. */
@ServiceTest
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTests {

    private static final String LAB = "bad-input";
    private static final String OTHER = "bad-input-other";
    private static final String POOR = "bad-input-poor";

    private final Client admin;
    private final Books books;
    private Client owner;

    BadInputTests(Environment environment, JdbcClient jdbc) {
        admin = Service.in(environment).admin();
        books = new Books(jdbc);
        owner = admin;
    }

    @BeforeAll
    void makeLabs() {
        var lab = Tenant.open(admin, LAB).withBudget("20");
        owner = lab.person("OWNER");
        lab.upload("biopsies", "train.csv", text("1,17.99,10.38\n0,13.54,14.36\n1,20.57,17.77\n0,9.5,12.4\n"));
        lab.upload("biopsies", "header.csv", text("malignant,radius,texture\n1,17.99,10.38\n"));
        lab.upload("biopsies", "labels.csv", text("1,17.99,10.38\n7,13.54,14.36\n"));
        lab.upload("biopsies", "empty.csv", text("\n"));
        lab.upload("code", "evil.tar.gz", Trainings.packed(Map.of("train.py", "", "../evil.py", "")));
        lab.upload("code", "rooted.tar.gz", Trainings.packed(Map.of("train.py", "", "/etc/evil", "")));
        lab.upload("code", "other.tar.gz", Trainings.packed(Map.of("other.py", "")));
        lab.upload("code", "text.tar.gz", text("this is no archive"));
        lab.upload("code", "train.py", text("pass"));
        lab.upload("code", "train.exe", text("neither .py nor .sh"));
        Tenant.open(admin, OTHER).upload("secret", "train.csv", text("1,2\n0,1\n"));
        Tenant.open(admin, POOR).upload("biopsies", "train.csv", text("1,2\n0,1\n"));
    }

    @AfterEach
    void nothingIsLostOrHeld() {
        books.requireUntouched(LAB);
        books.requireUntouched(OTHER);
    }

    @Test
    void suggestsTheInstanceTypeThatWasMeant() {
        var answer = refused(xgboost(LAB, "ml.m5.large", "ml.m5.lrage"), 400, "invalid-request");

        assertThat(answer.fields()).isEqualTo("compute.instanceType");
        assertThat(answer.text("detail")).contains("did you mean ml.m5.large?");
    }

    @Test
    void refusesATypeWithoutAPriceForTraining() {
        var unpriced = admin.get("/api/v1/instance-types?priced=false&limit=500")
                .json()
                .path("items")
                .valueStream()
                .filter(type -> !type.has("usdPerHour"))
                .map(type -> type.path("instanceType").asString())
                .findFirst()
                .orElseThrow();

        var answer = refused(xgboost(LAB, "ml.m5.large", unpriced), 422, "no-price");

        assertThat(answer.text("detail")).contains(unpriced);
    }

    @Test
    void refusesWorkOfALabWithoutABudget() {
        var answer = admin.post("/api/v1/jobs", xgboost(POOR));

        requireProblem(answer, 422, "no-budget");
        books.requireUntouched(POOR);
    }

    @Test
    void namesTheBudgetThatCannotPayWhatIsAskedAndWhatIsLeft() {
        var costly = xgboost(LAB, "\"PT10M\"", "\"5d\"").replace("\"instanceCount\": 1", "\"instanceCount\": 20");

        var answer = refused(costly, 422, "unaffordable");

        assertThat(answer.text("budget")).isNotEmpty();
        assertThat(answer.json().path("left").asDecimal()).isEqualByComparingTo("20");
        assertThat(answer.json().path("asked").asDecimal())
                .isGreaterThan(answer.json().path("left").asDecimal());
        assertThat(answer.text("detail")).contains(answer.text("budget"), "$20.000000");
    }

    @Test
    void refusesWhatCostsMoreThanItsMaxCost() {
        refused(xgboost(LAB, "\"maxRuntime\"", "\"maxCost\": 0.001, \"maxRuntime\""), 422, "over-max-cost");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"num_round\": 5 | \"num_round\": 5, \"learning_speed\": 1 | hyperparameters.learning_speed",
                "\"num_round\": 5 | \"num_round\": 5, \"eta\": 1.5 | hyperparameters.eta",
                "\"num_round\": 5 | \"num_round\": 5, \"eta\": 1e400 | hyperparameters.eta",
                "\"num_round\": 5 | \"num_round\": 5, \"eta\": 1e999999999 | hyperparameters.eta",
                "\"num_round\": 5 | \"num_round\": 5, \"eta\": 1e-999999999 | hyperparameters.eta",
                "\"num_round\": 5 | \"num_round\": 5, \"eta\": [1] | hyperparameters.eta",
                "\"num_round\": 5 | \"num_round\": 1000000000000000000000000000000 | hyperparameters.num_round",
                "\"num_round\": 5 | \"num_round\": \"a\\u0000b\" | hyperparameters.num_round",
                "\"num_round\": 5 | \"num_round\": 5, \"sagemaker_program\": \"x\" | hyperparameters.sagemaker_program",
                "\"of a test\" | \"of\\u0007a test\" | name",
                "\"of a test\" | \"of\\u0000a test\" | name",
                "\"of a test\" | \" \" | name",
                "\"of a test\" | 12 | name",
                "\"of a test\" | \"of a test\", \"project\": \"Not A Name\" | project",
                "{\"train\": | {\"tr/ain\": | inputs",
                "{\"train\": | {\"test\": | inputs.train",
                "\"instanceCount\": 1 | \"instanceCount\": -1 | compute.instanceCount",
                "\"instanceCount\": 1 | \"instanceCount\": 1e400 | compute.instanceCount",
                "\"instanceCount\": 1 | \"instanceCount\": 99999999999999 | compute.instanceCount",
                "\"instanceCount\": 1 | \"instanceCount\": \"1\" | compute.instanceCount",
                "\"volumeSizeGb\": 10 | \"volumeSizeGb\": 0 | compute.volumeSizeGb",
                "\"volumeSizeGb\": 10 | \"volumeSizeInGB\": 10 | compute.volumeSizeInGB",
                "\"PT10M\" | \"PT999999999H\" | maxRuntime",
                "\"PT10M\" | \"PT99999999999999999999H\" | maxRuntime",
                "\"PT10M\" | \"PT-10M\" | maxRuntime",
                "\"PT10M\" | \"soon\" | maxRuntime",
                "\"PT10M\" | \"10m\", \"maxCost\": 1e400 | maxCost",
                "\"PT10M\" | \"10m\", \"maxCost\": 1e999999999 | maxCost",
                "\"PT10M\" | \"10m\", \"maxCost\": 0.0000001 | maxCost",
                "\"PT10M\" | \"10m\", \"environment\": {\"A\": \"b\\u0000\"} | environment.A",
                "\"training\" | \"trainig\" | kind",
                "{\"train\": | {\"..\": | inputs",
                "{\"train\": | {\".\": | inputs",
            })
    void namesTheFieldThatIsWrong(String right, String wrong, String field) {
        var answer = refused(xgboost(LAB, right, wrong), 400, "invalid-request");

        assertThat(answer.fields()).startsWith(field);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"biopsies\" | \"biopsy\" | biopsies",
                "\"train.csv\" | \"tain.csv\" | train.csv",
                "\"train.csv\" | \"../../bad-input-other/datasets/secret/train.csv\" | no '../../bad-input-other",
                "\"dataset\": \"biopsies\", \"path\": \"train.csv\" | \"s3Uri\": \"s3://elsewhere/train.csv\" | outside the lab",
            })
    void saysWhichDataIsNotThere(String right, String wrong, String words) {
        var answer = refused(xgboost(LAB, right, wrong), 422, "unknown-data");

        assertThat(answer.text("detail")).contains(words);
    }

    @Test
    void refusesAnS3UriOfAnotherLab() {
        var theirs = admin.get("/api/v1/datasets/secret/files?lab=" + OTHER)
                .json()
                .path("items")
                .path(0)
                .path("s3Uri")
                .asString();
        var ours = theirs.replace(OTHER, LAB);

        for (var uri :
                new String[] {theirs, ours.replace("datasets/", "../" + OTHER + "/datasets/"), ours.replace(LAB, "")}) {
            refused(
                    xgboost(LAB, "\"dataset\": \"biopsies\", \"path\": \"train.csv\"", "\"s3Uri\": \"" + uri + "\""),
                    422,
                    "unknown-data");
        }
    }

    @ParameterizedTest
    @CsvSource({"header.csv, malignant", "labels.csv, 7", "empty.csv, empty"})
    void findsWhatIsWrongWithACsvFileBeforeItIsPaidFor(String file, String words) {
        var answer = refused(xgboost(LAB, "train.csv", file), 422, "unusable-data");

        assertThat(answer.text("detail")).contains(words, file);
        assertThat(answer.fields()).isEqualTo("inputs.train");
    }

    @ParameterizedTest
    @CsvSource({
        "evil.tar.gz, ../evil.py",
        "rooted.tar.gz, /etc/evil",
        "text.tar.gz, not a tar archive",
        "other.tar.gz, train.py"
    })
    void refusesAnArchiveThatCannotBeRunSafely(String file, String words) {
        var answer = refused(archive(LAB, file, "train.py"), 422, "unusable-data");

        assertThat(answer.text("detail")).contains(words);
    }

    @Test
    void refusesAScriptOfAnUnknownKind() {
        var answer = refused(script(LAB, "train.exe", "PT10M"), 400, "invalid-request");

        assertThat(answer.fields()).isEqualTo("algorithm.script.path");
    }

    /** What the service could not say to SageMaker, it would find out with the money held, and for ever. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"hyperparameters\": {\"a\": {\"b\": 1}} | hyperparameters.a",
                "\"hyperparameters\": {\"a\": [1]} | hyperparameters.a",
                "\"hyperparameters\": {\"a\": []} | hyperparameters.a",
                "\"hyperparameters\": {\"a\": null} | hyperparameters.a",
                "\"hyperparameters\": {\"\": \"x\"} | hyperparameters.",
                "\"hyperparameters\": {\"a\\nb\": \"x\"} | hyperparameters.a",
                "\"hyperparameters\": {\"LONG(257)\": \"x\"} | hyperparameters.xxx",
                "\"hyperparameters\": {\"a\": \"LONG(2499)\"} | hyperparameters.a",
                "\"hyperparameters\": {\"a\": 1e3000} | hyperparameters.a",
                "\"environment\": {\"A\": null} | environment",
            })
    void refusesForAScriptWhatCannotBeSaidToSageMaker(String part, String field) {
        var said = Pattern.compile("LONG\\(([0-9]+)\\)")
                .matcher(part)
                .replaceAll(size -> "x".repeat(Integer.parseInt(size.group(1))));
        var job = script(LAB, "train.py", "PT10M").replace("\"compute\":", said + ", \"compute\":");

        assertThat(refused(job, 400, "invalid-request").fields()).startsWith(field);
        assertThat(owner.post("/api/v1/estimates", job).status()).isEqualTo(400);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../train.py", "/train.py", "a/../../train.py", "./train.py", "a//train.py", "a\\\\b.py", " "})
    void refusesAnEntryPointThatLeadsElsewhere(String entryPoint) {
        var answer = refused(archive(LAB, "train.py", entryPoint), 400, "invalid-request");

        assertThat(answer.fields()).isEqualTo("algorithm.script.entryPoint");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "an image", "image\\n"})
    void refusesAnImageThatHasNoAddress(String image) {
        var job = script(LAB, "train.py", "PT10M").replace("\"scikit-learn\"", "null, \"image\": \"" + image + "\"");

        assertThat(refused(job, 400, "invalid-request").fields()).isEqualTo("algorithm.image");
    }

    @Test
    void refusesAMetricThatIsNone() {
        var job = script(LAB, "train.py", "PT10M").replace("\"scikit-learn\"", "\"scikit-learn\", \"metrics\": [null]");

        assertThat(refused(job, 400, "invalid-request").fields()).startsWith("algorithm.metrics");
    }

    @Test
    void refusesAScriptThatIsNotThere() {
        refused(script(LAB, "tarin.py", "PT10M"), 422, "unknown-data");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "..%2Fout.csv",
                "%2e%2e/out.csv",
                "a//b.csv",
                "a%00b.csv",
                "a%0Ab.csv",
                "%E2%80%AE.csv",
                "a;b.csv"
            })
    void refusesAFileNameThatLeadsElsewhere(String path) {
        var answer = owner.put("/api/v1/datasets/biopsies/files/" + path, "1,2\n");

        requireProblem(answer, 400, "invalid-request");
    }

    private Answer refused(String job, int status, String problem) {
        var answer = owner.post("/api/v1/jobs", job);
        requireProblem(answer, status, problem);
        return answer;
    }

    private static void requireProblem(Answer answer, int status, String problem) {
        assertThat(answer.problem()).as("%s", answer).isEqualTo(problem);
        assertThat(answer.status()).as("%s", answer).isEqualTo(status);
        assertThat(answer.contentType()).startsWith("application/problem+json");
    }

    private static byte[] text(String content) {
        return content.getBytes(StandardCharsets.UTF_8);
    }
}
