package io.bitdelta.node.fault;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.attestation.sign.Secp256k1Key;
import io.bitdelta.attestation.typed.TypedDocument;
import io.bitdelta.ipfs.cid.Cid;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.jobs.Job;
import io.bitdelta.node.jobs.JobStep;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.publish.PublishJob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A node process that publishes one delta through a job, and that may die at a fault point. Arguments: data folder, RPC
 * address, the owner's key file (hex), delta file, idempotency key, fault point or {@code -}. Prints {@code DONE} and how the
 * job ended.
 */
public final class MortalNode {
    /** Printed when the node is open and nothing was asked of it. */
    static final String OPEN = "OPEN";

    private MortalNode() {}

    /** Runs the process. */
    public static void main(String[] arguments) throws IOException {
        Path data = Path.of(arguments[0]);
        NodeConfig config = external(data, arguments[1]);
        Secp256k1Key owner = key(Path.of(arguments[2]));
        try (LocalNode node = LocalNode.open(data, config, List.of(), deadlyAt(arguments[5]), Clock.systemUTC())) {
            System.out.println(OPEN);
            System.out.flush();
            Job over = publish(node, owner, Path.of(arguments[3]), arguments[4]);
            System.out.println("DONE " + over.state() + " " + over.problem());
        }
    }

    /** Publishes a delta by a job, or goes on with it, and gives the job as it ended. */
    static Job publish(LocalNode node, Secp256k1Key owner, Path delta, String key) throws IOException {
        node.jobs().start();
        Cid cid = node.uploads().accept("caller", delta);
        Job job = node.jobs()
                .submit(
                        "caller",
                        PublishJob.NAME,
                        Optional.of(key),
                        PublishJob.input(
                                owner.address(), cid, "tiny-qwen3", "full", Optional.empty(), Optional.empty()));
        node.jobs().watch(job.id(), 0, () -> true, event -> sign(node, job.id(), event, owner));
        return node.jobs().find(job.id()).orElseThrow();
    }

    static NodeConfig external(Path data, String rpc) throws IOException {
        Files.createDirectories(data);
        Path file = data.resolve(NodeConfig.FILE);
        // One caller publishes more often in these stories than a node pays for in a day.
        Files.writeString(file, """
                chain:
                  rpc: %s
                  confirmations: 1
                publish:
                  perDay: 1000000
                  gweiPerHour: 1000000000000
                  gweiPerDay: 1000000000000
                """.formatted(rpc));
        return NodeConfig.load(data, Optional.of(file));
    }

    static Secp256k1Key key(Path file) throws IOException {
        return Secp256k1Key.fromPrivate(
                HexText.parse(Files.readString(file, StandardCharsets.US_ASCII).strip()));
    }

    private static void sign(LocalNode node, String jobId, JobStep event, Secp256k1Key owner) {
        boolean waits = event.name().equals(JobStep.STATE)
                && event.detail().path("waitingFor").asString("").equals(PublishJob.SIGNATURE);
        if (waits) {
            Job job = node.jobs().find(jobId).orElseThrow();
            byte[] typed = job.result("prepared")
                    .orElseThrow()
                    .path("typedData")
                    .toString()
                    .getBytes(StandardCharsets.UTF_8);
            if (job.waitingFor().equals(PublishJob.SIGNATURE)) {
                node.signatures()
                        .give(job, owner.sign(TypedDocument.parse(typed).digest()));
            }
        }
    }

    /** Ends the process without a word to anybody, as a kill does. */
    public static Faults deadlyAt(String point) {
        return reached -> {
            if (reached.name().equals(point)) {
                System.out.println("DIES AT " + point);
                System.out.flush();
                Runtime.getRuntime().halt(137);
            }
        };
    }

    /** The identity of a key file. */
    static EvmAddress identity(Path file) throws IOException {
        return key(file).address();
    }
}
