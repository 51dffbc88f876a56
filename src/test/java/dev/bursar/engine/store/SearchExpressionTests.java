// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.bursar.engine.wire.Refusal;
import dev.bursar.engine.wire.SdkCodec;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SearchExpressionTests {

    private static final JsonNode JOB =
            json("{'TrainingJobName': 'a-1', 'HyperParameters': {'eta': '0.30'}, 'BillableTimeInSeconds': 7,"
                    + " 'CreationTime': 1700000000.5, 'InputDataConfig': [{'ChannelName': 'train', 'ContentType': 'csv'},"
                    + " {'ChannelName': 'validation', 'ContentType': 'libsvm'}]}");

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            TrainingJobName       | Equals               | a-1                 | true
            TrainingJobName       | NotEquals            | a-1                 | false
            TrainingJobName       | Contains             | -                   | true
            TrainingJobName       | In                   | b, a-1              | true
            TrainingJobName       | In                   | b,c                 | false
            TrainingJobName       | GreaterThan          | a-0                 | true
            HyperParameters.eta   | Equals               | 0.3                 | true
            HyperParameters.eta   | LessThan             | 0.29                | false
            HyperParameters.other | NotExists            | x                   | true
            HyperParameters.other | NotEquals            | 1                   | true
            HyperParameters.other | LessThan             | 1                   | false
            BillableTimeInSeconds | GreaterThanOrEqualTo | 7                   | true
            BillableTimeInSeconds | LessThanOrEqualTo    | 6.99                | false
            BillableTimeInSeconds | GreaterThan          | 1e-999999999        | true
            CreationTime          | GreaterThan          | 2023-11-14T22:13:20 | true
            CreationTime          | LessThan             | 2023-11-14T23:13:21+01:00 | true
            CreationTime          | Equals               | yesterday           | false
            """)
    void comparesNumbersAsNumbersTimesAsTimesAndAllElseAsText(
            String name, String operator, String value, boolean expected) {
        assertThat(SearchExpression.matches(filter(name, operator, value), JOB)).isEqualTo(expected);
    }

    @Test
    void wantsOneElementOfAListToFitAllNestedFilters() {
        assertThat(SearchExpression.matches(nested("train", "csv"), JOB)).isTrue();
        assertThat(SearchExpression.matches(nested("train", "libsvm"), JOB)).isFalse();
    }

    @Test
    void joinsFiltersByAndUnlessToldOr() {
        var filters = "'Filters': [{'Name': 'TrainingJobName', 'Operator': 'Equals', 'Value': 'a-1'},"
                + " {'Name': 'TrainingJobName', 'Operator': 'Equals', 'Value': 'b'}]";

        assertThat(SearchExpression.matches(json("{" + filters + "}"), JOB)).isFalse();
        assertThat(SearchExpression.matches(json("{" + filters + ", 'Operator': 'Or'}"), JOB))
                .isTrue();
        assertThat(SearchExpression.matches(json("{'SubExpressions': [{" + filters + ", 'Operator': 'Or'}]}"), JOB))
                .isTrue();
        assertThat(SearchExpression.matches(json("{}"), JOB)).isTrue();
    }

    @Test
    void refusesASecondContainsOfOneName() {
        var twice = json("{'SubExpressions': [{'Filters': [{'Name': 'x', 'Operator': 'Contains'},"
                + " {'Name': 'x', 'Operator': 'Contains'}]}]}");

        assertThatThrownBy(() -> SearchExpression.check(twice))
                .isInstanceOf(Refusal.class)
                .hasMessage("'CONTAINS' operator usage limit of 1 exceeded.");
    }

    @Test
    void writesNumbersAsTextsThatSortAsTheyDo() {
        var numbers = DoubleStream.of(Double.NEGATIVE_INFINITY, -1e300, -2, -1, -0.5, 0, 1e-300, 0.5, 1, 10, 1e300)
                .mapToObj(SearchExpression::sortable)
                .toList();

        assertThat(numbers).isSorted().doesNotHaveDuplicates();
    }

    private static JsonNode filter(String name, String operator, String value) {
        var expression = SdkCodec.JSON.createObjectNode();
        expression
                .putArray("Filters")
                .addObject()
                .put("Name", name)
                .put("Operator", operator)
                .put("Value", value);
        return expression;
    }

    private static JsonNode nested(String channel, String type) {
        return json(("{'NestedFilters': [{'NestedPropertyName': 'InputDataConfig', 'Filters': ["
                        + "{'Name': 'InputDataConfig.ChannelName', 'Operator': 'Equals', 'Value': '%s'},"
                        + "{'Name': 'InputDataConfig.ContentType', 'Operator': 'Equals', 'Value': '%s'}]}]}")
                .formatted(channel, type));
    }

    private static JsonNode json(String text) {
        return SdkCodec.JSON.readTree(text.replace("'CONTAINS'", "\"CONTAINS\"").replace('\'', '"'));
    }
}
