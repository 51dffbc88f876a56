// SPDX-License-Identifier: Apache-2.0
package dev.bursar.engine.xgboost;

import java.io.BufferedReader;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The program of a child JVM that trains one job after another. What there is to do lies in its folder when it is told so
 * over a connection; there it leaves the log and, when it is done, the exit code. It ends when the engine closes the
 * connection or dies.
 */
final class XGBoostWorker {

    private XGBoostWorker() {}

    /** Called with the port of the engine, the memory of the JVM in MB and the folder where its work lies. */
    public static void main(String[] args) throws IOException {
        var folder = Path.of(args[2]);
        var out = System.out;
        var err = System.err;
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
                var tasks =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (var task = tasks.readLine(); task != null; task = tasks.readLine()) {
                train(folder, args[1]);
                System.setOut(out);
                System.setErr(err);
                socket.getOutputStream().write("done\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        System.exit(0);
    }

    private static void train(Path folder, String memory) throws IOException {
        try (var log =
                new PrintStream(new FileOutputStream(folder.resolve("log").toFile()), true, StandardCharsets.UTF_8)) {
            System.setOut(log);
            System.setErr(log);
            var code = XGBoostTraining.train(folder.resolve("opt/ml"), memory);
            log.flush();
            var temporary = Files.writeString(folder.resolve("exit.tmp"), code + "\n");
            Files.move(temporary, folder.resolve("exit"), StandardCopyOption.ATOMIC_MOVE);
        }
    }
}
