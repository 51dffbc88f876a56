// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FeatureRowsTests {

    @ParameterizedTest
    @ValueSource(strings = {"1,2\n3,4", "1;2\n3;4\n", "1\t2\r\n3\t4", "1|2\n3|4", "1 2\n\n3  4\n"})
    void findsTheDelimiter(String body) throws XGBoostError {
        var rows = FeatureRows.csv(body);

        assertThat(rows.rowNum()).isEqualTo(2);
        rows.dispose();
    }

    @Test
    void takesAnEmptyFieldForAMissingValue() throws XGBoostError {
        var rows = FeatureRows.csv("1,,3\n,,");

        assertThat(rows.rowNum()).isEqualTo(2);
        assertThat(rows.nonMissingNum()).isEqualTo(2);
        rows.dispose();
    }

    @Test
    void readsSparseRowsWithAndWithoutALabel() throws XGBoostError {
        var rows = FeatureRows.libsvm("1 0:2 3:4\n1:5\n", 4);

        assertThat(rows.rowNum()).isEqualTo(2);
        assertThat(rows.nonMissingNum()).isEqualTo(3);
        rows.dispose();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\n\n", "a,b", "1,2\n3", "0x1p,2", "1,2,\n1,2,x"})
    void saysWhyABodyIsNoTable(String body) {
        assertThatThrownBy(() -> FeatureRows.csv(body)).isInstanceOf(FeatureRows.Undecodable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "1 a:b", "1 0:", "1 :2", "1 -1:2", "1 99999999999:1", "1 0.5:1"})
    void saysWhyABodyIsNoSparseTable(String body) {
        assertThatThrownBy(() -> FeatureRows.libsvm(body, 4)).isInstanceOf(FeatureRows.Undecodable.class);
    }
}
