package io.bitdelta.node.cli.registry;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.KeystoreOwner;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.provenance.SignedEvaluation;
import io.bitdelta.node.provenance.TrainingRecord;
import io.bitdelta.node.publish.OwnerSigner;
import io.bitdelta.node.publish.PublishRequest;
import io.bitdelta.node.publish.Published;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code registry publish}. */
@Command(
        name = "publish",
        description =
                "Publish a delta file: store and pin it, attest it, sign it with the owner's key, put it on the chain.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta registry publish mine.bitdelta.safetensors --base-name tiny-qwen3 --key owner.json",
            "  bitdelta registry publish mine.bitdelta.safetensors --base-name tiny-qwen3 --key owner.json \\",
            "    --node https://node.example"
        })
final class RegistryPublish implements Callable<Integer> {
    @Parameters(paramLabel = "DELTA", description = "The delta file.")
    private Path delta = Path.of("");

    @Option(names = "--base-name", required = true, paramLabel = "NAME", description = "What the base model is called.")
    private String baseName = "";

    @Option(
            names = "--method",
            defaultValue = "full",
            paramLabel = "NAME",
            description = "How the fine-tune was made. Default: ${DEFAULT-VALUE}")
    private String method = "full";

    @Option(
            names = "--once",
            paramLabel = "NAME",
            description = "Idempotency key: one name is published once. Default: the file's hash and the owner.")
    private @Nullable String intent;

    @Option(
            names = "--training",
            paramLabel = "FILE",
            description =
                    "What its training wrote, with the privacy claim. Default: DELTA.training.json, if there is one.")
    private @Nullable Path training;

    @Option(
            names = "--evaluation",
            paramLabel = "FILE",
            description = "Its signed evaluation: bitdelta model eval --suite ... --report FILE --key OWNER.")
    private @Nullable Path evaluation;

    @Mixin
    private KeystoreOwner owner = new KeystoreOwner();

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        OwnerSigner signer = owner.signer();
        PublishRequest request = request(intent == null ? PublishRequest.intentOf(delta, signer.address()) : intent);
        Map<String, Object> json = where.ask(
                node -> new RemoteJobs(node, signer, output::say).publish(request),
                node -> published(node, signer, request));
        output.result(json, out -> json.forEach((name, value) -> out.printf("%-14s %s%n", name, value)));
        return ExitCode.OK;
    }

    private PublishRequest request(String key) throws IOException {
        Optional<TrainingRecord> record =
                training == null ? TrainingRecord.find(delta) : Optional.of(TrainingRecord.read(training));
        Optional<SignedEvaluation> report =
                evaluation == null ? Optional.empty() : Optional.of(SignedEvaluation.read(evaluation));
        output.say(record.flatMap(TrainingRecord::privacy)
                .map(claim -> "privacy: " + claim.text())
                .orElse("privacy: no guarantee is claimed"));
        return new PublishRequest(key, delta, baseName, method, record, report);
    }

    private Map<String, Object> published(LocalNode node, OwnerSigner signer, PublishRequest request)
            throws IOException {
        output.say(
                node.embeddedChain().isPresent()
                        ? "DEVELOPMENT MODE: embedded chain, software evidence"
                        : "chain " + node.registry().chainId());
        Published result = node.publishing().publish(request, signer);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("deltaId", result.deltaId());
        json.put("did", result.did());
        json.put("deltaCid", result.deltaCid());
        json.put("manifestCid", result.manifestCid());
        json.put("evidenceCid", result.evidenceCid());
        json.put("evidence", result.evidenceStatus());
        json.put("tx", result.transaction().hash());
        json.put("gas", result.transaction().gasUsed());
        json.put("block", result.transaction().block());
        json.put("confirmations", node.confirmations());
        return json;
    }
}
