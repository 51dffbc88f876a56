package dev.bursar.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class CsvCheckTests {

    @Test
    void findsAHeader() {
        assertThat(CsvCheck.problem("train.csv", List.of("diagnosis,radius", "1,2.0"), "binary:logistic", null))
                .contains("First line 'diagnosis,radius' of file 'train.csv' is not 'CSV' format."
                        + " Please ensure the file is in 'CSV' format.");
    }

    @Test
    void acceptsMissingCells() {
        assertThat(CsvCheck.problem("train.csv", List.of("1,2.0,", "0,,3e-4"), "binary:logistic", null))
                .isEmpty();
    }

    @Test
    void findsALabelThatDoesNotFitTheObjective() {
        assertThat(CsvCheck.problem("train.csv", List.of("1,2", "7,2"), "binary:logistic", null))
                .contains("The label 7 in line 2 of file 'train.csv' does not fit objective binary:logistic:"
                        + " it must be in [0, 1].");
        assertThat(CsvCheck.problem("train.csv", List.of("3,2"), "multi:softmax", 3))
                .contains("The label 3 in line 1 of file 'train.csv' does not fit objective multi:softmax:"
                        + " it must be an integer in [0, 3).");
    }

    @Test
    void findsAMissingLabel() {
        assertThat(CsvCheck.problem("train.csv", List.of(",2"), "reg:squarederror", null))
                .isPresent();
    }
}
