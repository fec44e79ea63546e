package io.bitdelta.node.cli.soup;

import io.bitdelta.attestation.bytes.Bytes32;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.NodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.RemoteJob;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/** {@code soup propose}. */
@Command(
        name = "propose",
        description = {
            "Have a running node mix published deltas by majority and propose the soup with its bond. Operators only.",
            "Ends when the members' owners have been asked; they answer with 'soup consent', and the node does the rest:"
                    + " 'node jobs' and GET /api/jobs/ID tell how far it is. The same --intent continues."
        },
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  bitdelta soup propose 0xID1 0xID2 0xID3 --name \"spring soup\" --node http://127.0.0.1:8480"
        })
final class SoupPropose implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "DELTA", description = "Ids of the members, 0x-hex.")
    private List<Bytes32> members = List.of();

    @Option(names = "--name", required = true, paramLabel = "TEXT", description = "What the owners are told it is.")
    private String name = "";

    @Option(
            names = "--intent",
            paramLabel = "TEXT",
            description = "Idempotency key: the same key is the same soup. Default: a new one.")
    private @Nullable String intent;

    @Mixin
    private NodeOption remote = new NodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() {
        try (ApiClient node = remote.client()
                .orElseThrow(
                        () -> CommandException.usage(
                                "soups are proposed by a running node: name it with --node URL, and an operator with --token"))) {
            JsonNode accepted = node.json(ApiClient.withBody(
                    node.request("/api/soups")
                            .header(
                                    "Idempotency-Key",
                                    intent == null ? UUID.randomUUID().toString() : intent),
                    Map.of(
                            "name",
                            name,
                            "members",
                            members.stream().map(Bytes32::hex).toList())));
            RemoteJob job = new RemoteJob(node, accepted, output::say);
            boolean proposed = job.reach("proposed");
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("job", job.id());
            json.put("state", proposed ? "proposed" : "waiting for consents");
            job.result("proposed")
                    .ifPresent(result ->
                            result.properties().forEach(member -> json.put(member.getKey(), member.getValue())));
            output.result(json, out -> json.forEach((key, value) -> out.printf("%-10s %s%n", key, value)));
            return ExitCode.OK;
        }
    }
}
