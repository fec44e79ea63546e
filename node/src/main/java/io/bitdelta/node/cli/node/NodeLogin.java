package io.bitdelta.node.cli.node;

import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.KeystoreOwner;
import io.bitdelta.node.cli.NodeOption;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.client.ApiClient;
import io.bitdelta.node.client.Login;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code node login}. */
@Command(
        name = "login",
        description = "Sign in to a running node with a key (EIP-4361) and print the session's token."
                + " The key never leaves this process.",
        mixinStandardHelpOptions = true,
        footer = {
            "",
            "Example:",
            "  export BITDELTA_TOKEN=$(bitdelta node login --key owner.json --node http://127.0.0.1:8480)"
        })
final class NodeLogin implements Callable<Integer> {
    @Mixin
    private KeystoreOwner owner = new KeystoreOwner();

    @Mixin
    private NodeOption remote = new NodeOption();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (ApiClient node = remote.client()
                .orElseThrow(() -> CommandException.usage("name the node to sign in to, with --node URL"))) {
            Login.Opened session = new Login(node, Clock.systemUTC()).as(owner.signer());
            output.say("signed in as " + session.did() + " until " + session.expiresAt());
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("token", session.token());
            json.put("did", session.did());
            json.put("expiresAt", session.expiresAt());
            output.result(json, out -> out.println(session.token()));
            return ExitCode.OK;
        }
    }
}
