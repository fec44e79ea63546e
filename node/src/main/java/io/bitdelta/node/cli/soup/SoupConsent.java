package io.bitdelta.node.cli.soup;

import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.KeystoreOwner;
import io.bitdelta.node.cli.NodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.DeltaClient;
import io.bitdelta.node.client.Login;
import io.bitdelta.node.publish.OwnerSigner;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** {@code soup consent}. */
@Command(
        name = "consent",
        description = {
            "Show which soups ask for your deltas, and consent to one of them.",
            "Signs in to the node with the key, which never leaves this process. Without --proposal nothing is signed."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Examples:",
            "  bitdelta soup consent --key owner.json --node http://127.0.0.1:8480",
            "  bitdelta soup consent --key owner.json --node http://127.0.0.1:8480 --proposal 6f1c7f0e-..."
        })
final class SoupConsent implements Callable<Integer> {
    @Option(names = "--proposal", paramLabel = "ID", description = "Consent to this one, as the list names it.")
    private @Nullable String proposal;

    @Mixin
    private KeystoreOwner owner = new KeystoreOwner();

    @Mixin
    private NodeOption remote = new NodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (ApiClient node =
                remote.client().orElseThrow(() -> CommandException.usage("name the node that asks, with --node URL"))) {
            OwnerSigner signer = owner.signer();
            Login.Opened session = new Login(node, Clock.systemUTC()).as(signer);
            try (ApiClient own = node.as(session.token())) {
                DeltaClient client = new DeltaClient(own, signer, output::say);
                List<Map<String, Object>> shown = new ArrayList<>();
                for (JsonNode request : client.consentsAskedFor(session.did())) {
                    boolean chosen = request.path("proposal").stringValue().equals(proposal);
                    if (proposal == null || chosen) {
                        shown.add(view(chosen ? client.consent(request) : request));
                    }
                }
                if (proposal != null && shown.isEmpty()) {
                    throw CommandException.usage("%s does not ask for a delta of %s"
                            .formatted(proposal, LuxDid.parse(session.did()).address()));
                }
                output.result(Map.of("consents", shown), out -> {
                    shown.forEach(consent -> out.printf(
                            "%s  %s  delta %s  until %s  %s%n",
                            consent.get("proposal"),
                            Boolean.TRUE.equals(consent.get("given")) ? "given" : "asked",
                            consent.get("deltaId"),
                            consent.get("deadline"),
                            consent.get("name")));
                    if (shown.isEmpty()) {
                        out.println("nobody asks for your deltas");
                    }
                });
                return ExitCode.OK;
            }
        }
    }

    private static Map<String, Object> view(JsonNode request) {
        return Map.of(
                "proposal", request.path("proposal").stringValue(),
                "name", request.path("name").stringValue(),
                "deltaId", request.path("deltaId").stringValue(),
                "deadline", request.path("deadline").stringValue(),
                "given", request.path("given").booleanValue());
    }
}
