package io.bitdelta.ipfs.peers;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** s3proxy as a child process, keeping objects in a folder; it can be killed and started again on the same port. */
public final class S3Server implements AutoCloseable {
    public static final String IDENTITY = "id";
    public static final String CREDENTIAL = "secret";

    private final Path folder;
    private final int port;
    private Process process;

    private S3Server(Path folder, int port, Process process) {
        this.folder = folder;
        this.port = port;
        this.process = process;
    }

    public static S3Server start(Path folder) throws Exception {
        int port;
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = probe.getLocalPort();
        }
        Files.createDirectories(folder.resolve("objects"));
        Files.write(
                folder.resolve("s3proxy.properties"),
                List.of(
                        "s3proxy.endpoint=http://127.0.0.1:" + port,
                        "s3proxy.authorization=aws-v2-or-v4",
                        "s3proxy.identity=" + IDENTITY,
                        "s3proxy.credential=" + CREDENTIAL,
                        "jclouds.provider=filesystem",
                        "jclouds.filesystem.basedir=" + folder.resolve("objects")));
        S3Server server = new S3Server(folder, port, launch(folder));
        server.awaitReady();
        return server;
    }

    private static Process launch(Path folder) throws IOException {
        String classPath = System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        classPath,
                        "org.gaul.s3proxy.Main",
                        "--properties",
                        folder.resolve("s3proxy.properties").toString())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("s3proxy.log").toFile())
                .start();
    }

    private void awaitReady() throws Exception {
        for (int i = 0; i < 300 && process.isAlive(); i++) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                if (socket.isConnected()) {
                    return;
                }
            } catch (IOException notYet) {
                TimeUnit.MILLISECONDS.sleep(100);
            }
        }
        throw new IllegalStateException("s3proxy does not answer: " + Files.readString(folder.resolve("s3proxy.log")));
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port);
    }

    /** Creates an empty bucket. */
    public void createBucket(String name) throws IOException {
        Files.createDirectory(folder.resolve("objects").resolve(name));
    }

    /** Replaces an object's bytes behind the server's back. */
    public void spoil(String bucket, String key) throws IOException {
        Path object = folder.resolve("objects").resolve(bucket).resolve(key);
        byte[] bytes = Files.readAllBytes(object);
        bytes[bytes.length / 2] ^= 1;
        Files.write(object, bytes);
    }

    public void kill() {
        process.destroyForcibly().onExit().join();
    }

    public void restart() throws Exception {
        process = launch(folder);
        awaitReady();
    }

    @Override
    public void close() {
        kill();
    }
}
