package io.bitdelta.node.cli.registry;

import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.KeystoreOwner;
import io.bitdelta.node.cli.LocalNodeOption;
import io.bitdelta.node.cli.NodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.DeltaClient;
import io.bitdelta.node.local.LocalNode;
import io.bitdelta.node.publish.PublishRequest;
import io.bitdelta.node.publish.Published;
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

    @Mixin
    private KeystoreOwner owner = new KeystoreOwner();

    @Mixin
    private LocalNodeOption local = new LocalNodeOption();

    @Mixin
    private Output output = new Output();

    @Mixin
    private NodeOption remote = new NodeOption();

    @Override
    public Integer call() throws Exception {
        var signer = owner.signer();
        Optional<ApiClient> client = remote.client();
        if (client.isPresent()) {
            try (ApiClient node = client.get()) {
                String key = intent == null ? PublishRequest.intentOf(delta, signer.address()) : intent;
                Map<String, Object> json = RemoteJobText.of(new DeltaClient(node, signer, output::say)
                        .publish(delta, baseName, method, key.replace(' ', '-')));
                output.result(json, out -> json.forEach((name, value) -> out.printf("%-14s %s%n", name, value)));
                return ExitCode.OK;
            }
        }
        try (LocalNode node = local.open()) {
            output.say(
                    node.embeddedChain().isPresent()
                            ? "DEVELOPMENT MODE: embedded chain, software evidence"
                            : "chain " + node.registry().chainId());
            String key = intent == null ? PublishRequest.intentOf(delta, signer.address()) : intent;
            Published result = node.publishing().publish(new PublishRequest(key, delta, baseName, method), signer);
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
            json.put(
                    "confirmations",
                    node.config().chain().embedded() ? 1 : node.config().chain().confirmations());
            output.result(json, out -> json.forEach((name, value) -> out.printf("%-14s %s%n", name, value)));
            return ExitCode.OK;
        }
    }
}
