// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import java.util.List;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.jspecify.annotations.Nullable;

/** Ends the rounds when they no longer get better, by the last metric of the last channel, as XGBoost itself goes. */
final class EarlyStopping {

    private static final List<String> GROWING = List.of("auc", "aucpr", "map", "ndcg");

    private final int patience;
    private double best = Double.NaN;
    private int bestRound;
    private byte @Nullable [] bestModel;

    /** The patience is a number of rounds; 0 never stops. */
    EarlyStopping(int patience) {
        this.patience = patience;
    }

    /** Whether a round that was evaluated with this line is the last; keeps its model if it is the best so far. */
    boolean endsWith(int round, String line, Booster booster) throws XGBoostError {
        if (patience == 0) {
            return false;
        }
        var value = lastValue(line);
        if (Double.isNaN(best) || isBetter(line, value, best)) {
            best = value;
            bestRound = round;
            bestModel = booster.toByteArray("ubj");
            return false;
        }
        return round - bestRound >= patience;
    }

    int bestRound() {
        return bestRound;
    }

    /** The model of the best round, or of the last where nothing was to stop early. */
    byte[] model(Booster booster) throws XGBoostError {
        return bestModel == null ? booster.toByteArray("ubj") : bestModel;
    }

    static double lastValue(String line) {
        var value = line.substring(line.lastIndexOf(':') + 1).strip();
        return value.contains("nan") ? Double.NaN : Double.parseDouble(value.replace("inf", "Infinity"));
    }

    static boolean isBetter(String line, double value, double best) {
        var metric = line.substring(line.lastIndexOf('-', line.lastIndexOf(':')) + 1, line.lastIndexOf(':'));
        return GROWING.contains(metric.replaceFirst("@.*", "")) ? value > best : value < best;
    }
}
