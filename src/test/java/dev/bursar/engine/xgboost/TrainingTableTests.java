// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainingTableTests {

    @TempDir
    Path folder;

    @Test
    void readsTheLabelFirstAndTheFilesOneAfterTheOther() throws IOException, XGBoostError {
        var table = new TrainingTable("reg:squarederror", null, false);

        var rows = table.readCsv(files("1,2,3\n4,5,6\n", "7,8,9"));

        assertThat(rows.rowNum()).isEqualTo(3);
        assertThat(rows.getLabel()).containsExactly(1, 4, 7);
        assertThat(table.width()).isEqualTo(2);
        rows.dispose();
    }

    @Test
    void takesTheSecondColumnForAWeightWhenToldSo() throws IOException, XGBoostError {
        var table = new TrainingTable("reg:squarederror", null, true);

        var rows = table.readCsv(files("1,0.5,3\n4,2,6\n"));

        assertThat(rows.getWeight()).containsExactly(0.5f, 2f);
        assertThat(table.width()).isEqualTo(1);
        rows.dispose();
    }

    @Test
    void readsSparseRowsAndWidensThemToTheChannelBefore() throws IOException, XGBoostError {
        var table = new TrainingTable("binary:logistic", null, false);

        var rows = table.readLibsvm(files("1 0:1 2:3\n0 1:2\n"), 9);

        assertThat(rows.rowNum()).isEqualTo(2);
        assertThat(rows.getLabel()).containsExactly(1, 0);
        assertThat(table.width()).isEqualTo(9);
        rows.dispose();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n", "1\n", "1,2\n1,2,3\n", "x,1,2\n", "1,2\n1,b\n"})
    void tellsWhyATableCannotBeUsed(String content) throws IOException {
        var files = files(content);

        assertThatThrownBy(() -> new TrainingTable("reg:squarederror", null, false).readCsv(files))
                .isInstanceOf(TrainingTable.Unusable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a 0:1\n", "1 x:1\n", "1 0:x\n"})
    void tellsWhyASparseTableCannotBeUsed(String content) throws IOException {
        var files = files(content);

        assertThatThrownBy(() -> new TrainingTable("reg:squarederror", null, false).readLibsvm(files, 0))
                .isInstanceOf(TrainingTable.Unusable.class);
    }

    private List<Path> files(String... contents) throws IOException {
        var files = new ArrayList<Path>();
        for (var content : contents) {
            files.add(Files.writeString(folder.resolve("part-" + files.size()), content));
        }
        return files;
    }
}
