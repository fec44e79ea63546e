package io.bitdelta.node.chain;

import io.bitdelta.node.config.DurableFiles;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A development chain of one's own: an {@code anvil} child process with chain id 31337, on loopback, mining each
 * transaction at once. No account of it is funded but those that this class is told to fund.
 *
 * <p>Anvil's own state file may lag behind by a second and is not written on a kill. So the state is taken over JSON-RPC
 * after every confirmed transaction ({@link #makeDurable(long)}), before anybody is told that it is confirmed. A chain process
 * that outlived a killed node is asked for its state, then ended.
 */
public final class EmbeddedChain implements AutoCloseable {
    /** The chain id of every embedded chain; on the list of test chains. */
    public static final long CHAIN_ID = 31337;

    private static final Path SETSID = Path.of("/usr/bin/setsid");

    private static final Logger log = LoggerFactory.getLogger(EmbeddedChain.class);
    private static final long START_TIMEOUT_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final BigInteger FUNDS = BigInteger.TEN.pow(24);

    private final Path stateFile;
    private final Path processFile;
    private final Process process;
    private final ChainClient client;
    private final ReentrantLock storing = new ReentrantLock();

    /** The newest block of the state that was written last. */
    private volatile @Nullable BlockHead durable;

    private EmbeddedChain(Path stateFile, Path processFile, Process process, ChainClient client) {
        this.stateFile = stateFile;
        this.processFile = processFile;
        this.process = process;
        this.client = client;
    }

    /**
     * Starts the chain from the state of last time, or a new one.
     *
     * @param folder holds the state; created if missing
     * @param anvil the executable
     * @param port a loopback port; 0 takes a free one
     * @param clock the wall clock
     * @throws IOException when the folder cannot be written
     * @throws ChainException when the process does not come up; the message holds its last words
     */
    public static EmbeddedChain start(Path folder, Path anvil, int port, Clock clock) throws IOException {
        if (!Files.isExecutable(anvil)) {
            throw new ChainException("the embedded chain needs anvil, which is not at " + anvil
                    + "; build the project (./bitdelta does) or configure an external chain");
        }
        Files.createDirectories(folder);
        Path stateFile = folder.resolve("state.json");
        Path processFile = folder.resolve("process");
        rescueOrphan(processFile, stateFile);
        int chosen = port == 0 ? freePort() : requireFree(port);
        List<String> command = new ArrayList<>();
        if (Files.isExecutable(SETSID)) {
            // In a session of its own: Ctrl-C is for the node, which stores the chain's state before it ends it.
            command.add(SETSID.toString());
        }
        command.addAll(List.of(
                anvil.toString(),
                "--host",
                "127.0.0.1",
                "--port",
                Integer.toString(chosen),
                "--chain-id",
                Long.toString(CHAIN_ID),
                "--hardfork",
                "osaka",
                "--enable-tx-gas-limit",
                "--accounts",
                "0",
                "--silent"));
        if (Files.exists(stateFile)) {
            command.add("--load-state");
            command.add(stateFile.toString());
        }
        Path output = folder.resolve("anvil.log");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        ChainClient client = new ChainClient("http://127.0.0.1:" + chosen);
        EmbeddedChain chain = new EmbeddedChain(stateFile, processFile, process, client);
        try {
            chain.awaitReady(output);
            DurableFiles.write(processFile, (process.pid() + " " + chosen).getBytes(StandardCharsets.US_ASCII));
            chain.keepClockAhead(clock);
            return chain;
        } catch (IOException | RuntimeException failed) {
            process.destroyForcibly();
            client.close();
            throw failed;
        }
    }

    private static void rescueOrphan(Path processFile, Path stateFile) throws IOException {
        if (!Files.exists(processFile)) {
            return;
        }
        String[] words =
                Files.readString(processFile, StandardCharsets.US_ASCII).strip().split(" ", -1);
        Optional<ProcessHandle> orphan =
                words.length == 2 ? ProcessHandle.of(Long.parseLong(words[0])) : Optional.empty();
        boolean ours = orphan.flatMap(handle -> handle.info().command())
                .map(command -> command.contains("anvil"))
                .orElse(false);
        if (ours) {
            log.info("a chain process outlived its node; taking over its state");
            try (ChainClient client = new ChainClient("http://127.0.0.1:" + words[1])) {
                if (client.chainId() == CHAIN_ID) {
                    store(client, stateFile);
                }
            } catch (ChainException silent) {
                log.warn("the left-over chain process does not answer; going on from the last stored state");
            }
            ProcessHandle handle = orphan.orElseThrow();
            handle.destroyForcibly();
            handle.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        }
        Files.deleteIfExists(processFile);
    }

    private static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    private static int requireFree(int port) {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        } catch (IOException busy) {
            throw new ChainException(
                    "port %d on 127.0.0.1 is busy: stop what uses it or choose another port for the embedded chain"
                            .formatted(port),
                    busy);
        }
    }

    private void awaitReady(Path output) throws IOException {
        long deadline = System.nanoTime() + START_TIMEOUT_NANOS;
        while (true) {
            try {
                long id = client.chainId();
                if (id != CHAIN_ID) {
                    throw new ChainException("another chain (id %d) answers at %s".formatted(id, client.url()));
                }
                return;
            } catch (ChainException notYet) {
                if (!process.isAlive() || System.nanoTime() > deadline) {
                    String words = Files.readString(output).strip();
                    throw new ChainException(
                            "the embedded chain did not start: "
                                    + (words.isEmpty()
                                            ? notYet.getMessage()
                                            : words.lines().findFirst().orElse("")),
                            notYet);
                }
                pause();
            }
        }
    }

    private void pause() {
        try {
            if (process.waitFor(20, TimeUnit.MILLISECONDS)) {
                log.debug("the chain process ended while it started");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new ChainException("interrupted while the embedded chain started", interrupted);
        }
    }

    /** A restarted chain takes the wall clock; one whose clock was moved forward must not go back. */
    private void keepClockAhead(Clock clock) {
        long behind = client.head().timestamp() - clock.instant().getEpochSecond();
        if (behind > 0) {
            client.rpc("evm_increaseTime", behind);
        }
    }

    /** The endpoint. */
    public ChainClient client() {
        return client;
    }

    /** Gives an account development money, once it has too little. */
    public void fund(String address) {
        if (client.balance(address).compareTo(FUNDS.shiftRight(1)) < 0) {
            client.rpc("anvil_setBalance", address, "0x" + FUNDS.toString(16));
        }
    }

    /** Moves the chain's clock forward and mines a block. Only a development chain can. */
    public void advanceClock(long seconds) {
        client.rpc("evm_increaseTime", seconds);
        client.rpc("evm_mine");
    }

    /** Writes the chain's whole state to disk, atomically and synced: what was mined until now survives any kill. */
    public void makeDurable() {
        BlockHead head = client.head();
        store(client, stateFile);
        durable = head;
    }

    /**
     * The same, unless a state was written that has the block already: those who ask while one is being written share the
     * next.
     *
     * @param block height of a block that was seen
     */
    public void makeDurable(long block) {
        storing.lock();
        try {
            BlockHead written = durable;
            boolean has = written != null
                    && block <= written.number()
                    && client.block(written.number())
                            .filter(head -> head.hash().equals(written.hash()))
                            .isPresent();
            if (!has) {
                makeDurable();
            }
        } finally {
            storing.unlock();
        }
    }

    private static void store(ChainClient client, Path stateFile) {
        String hex = client.rpc("anvil_dumpState");
        byte[] packed = HexFormat.of().parseHex(hex, 2, hex.length());
        try (GZIPInputStream plain = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            DurableFiles.write(stateFile, plain.readAllBytes());
        } catch (IOException failed) {
            throw new ChainException(
                    "the embedded chain's state cannot be stored at %s (%s): free some space or make the folder writable, then run this again"
                            .formatted(stateFile, failed.getMessage()),
                    failed);
        }
    }

    /** Stores the state, then ends the process. */
    @Override
    public void close() {
        try {
            if (process.isAlive()) {
                makeDurable();
            } else {
                log.warn("the embedded chain had ended before: what it mined since {} was written is gone", stateFile);
            }
        } finally {
            client.close();
            process.destroy();
            try {
                if (!process.waitFor(5, TimeUnit.SECONDS)) {
                    process.destroyForcibly();
                }
                Files.deleteIfExists(processFile);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            } catch (IOException leftOver) {
                log.warn("{} cannot be deleted: {}", processFile, leftOver.getMessage());
            }
        }
    }
}
