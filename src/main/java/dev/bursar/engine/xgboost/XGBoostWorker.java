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
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * The program of a child JVM that trains one job after another. It is told workspaces over a connection, and in each it
 * leaves the files that a child of its own would have left: the claim {@code started}, {@code wrapper.pid},
 * {@code program.pid}, {@code log} and {@code exit}. It ends when the engine closes the connection or dies.
 */
final class XGBoostWorker {

    private XGBoostWorker() {}

    /** Called with the port of the engine and the memory of the JVM in MB, in the worker's own workspace. */
    public static void main(String[] args) throws IOException {
        var session = Files.readString(Path.of("wrapper.pid")).strip();
        var out = System.out;
        var err = System.err;
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(args[0]));
                var tasks =
                        new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8))) {
            for (var task = tasks.readLine(); task != null; task = tasks.readLine()) {
                train(Path.of(task), session, args[1]);
                System.setOut(out);
                System.setErr(err);
                socket.getOutputStream().write("done\n".getBytes(StandardCharsets.UTF_8));
            }
        }
        System.exit(0);
    }

    private static void train(Path root, String session, String memory) throws IOException {
        try {
            Files.createDirectory(root.resolve("started"));
        } catch (FileAlreadyExistsException givenUp) {
            return;
        }
        try (var log =
                new PrintStream(new FileOutputStream(root.resolve("log").toFile()), true, StandardCharsets.UTF_8)) {
            System.setOut(log);
            System.setErr(log);
            put(root, "wrapper.pid", session);
            put(root, "program.pid", String.valueOf(ProcessHandle.current().pid()));
            var code = XGBoostTraining.train(root.resolve("opt/ml"), memory);
            log.flush();
            put(root, "exit", String.valueOf(code));
        }
    }

    private static void put(Path root, String name, String content) throws IOException {
        var temporary = Files.writeString(root.resolve(name + ".tmp"), content + "\n");
        Files.move(temporary, root.resolve(name), StandardCopyOption.ATOMIC_MOVE);
    }
}
