package io.bitdelta.ipfs.peers;

import java.io.BufferedReader;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;

/** js-ipfs as a child process: a real RPC peer, offline, on loopback. */
public final class KuboPeer implements AutoCloseable {
    private final Process process;
    private final URI api;

    private KuboPeer(Process process, URI api) {
        this.process = process;
        this.api = api;
    }

    /** Starts the peer; the test is skipped where Node or the peer's packages cannot be had. */
    public static KuboPeer start(Path repository) throws Exception {
        Path module = Path.of(System.getProperty("bitdelta.home"), "ipfs-store");
        Assumptions.assumeTrue(runs(module, "node", "--version"), "skipped: no node on this machine");
        if (!Files.isDirectory(module.resolve("node_modules/ipfs-core"))) {
            Assumptions.assumeTrue(
                    runs(module, "npm", "ci", "--ignore-scripts"), "skipped: npm ci cannot install js-ipfs");
        }
        Process process = new ProcessBuilder("node", "src/test/js/kubo-peer.mjs", repository.toString())
                .directory(module.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.startsWith("READY ")) {
                return new KuboPeer(process, URI.create("http://127.0.0.1:" + line.substring(6)));
            }
        }
        throw new IOException("js-ipfs ended with " + process.waitFor());
    }

    private static boolean runs(Path folder, String... command) throws InterruptedException {
        try {
            Process process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    public URI api() {
        return api;
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
