package io.bitdelta.ipfs.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** A real redis-server as a child process, which can be killed and started again on the same port. */
public final class RedisServer implements AutoCloseable {
    private final Path folder;
    private final int port;
    private Process process;

    private RedisServer(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    /** Starts a server; the test is skipped where there is none. */
    public static RedisServer start(Path folder) throws Exception {
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        try {
            RedisServer server = new RedisServer(folder, port, launch(folder, port));
            server.awaitReady();
            return server;
        } catch (IOException e) {
            Assumptions.abort("skipped: no redis-server on this machine (apt-get install redis-server)");
            throw e;
        }
    }

    private static Process launch(Path folder, int port) throws IOException {
        return new ProcessBuilder(
                        "redis-server",
                        "--port",
                        "" + port,
                        "--bind",
                        "127.0.0.1",
                        "--save",
                        "",
                        "--dir",
                        folder.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private void awaitReady() throws Exception {
        for (int i = 0; i < 100; i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
                BufferedReader answer = new BufferedReader(
                        new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
                if ("+PONG".equals(answer.readLine())) {
                    return;
                }
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(50);
            }
        }
        throw new IllegalStateException("redis-server does not answer on port " + port);
    }

    public String address() {
        return "redis://127.0.0.1:" + port;
    }

    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    public void restart() throws Exception {
        process = launch(folder, port);
        awaitReady();
    }

    @Override
    public void close() {
        kill();
    }
}
