package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.did.LuxDid;
import io.bitdelta.node.cli.NodeChoice;
import io.bitdelta.node.cli.Output;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code royalty claim}. */
@Command(
        name = "claim",
        description = {
            "Claim what an identity is due in one token, from all soups in as few transactions as gas allows.",
            "Anybody may ask; the money goes to the identity's controller."
        },
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta royalty claim --did did:lux:31337:0x1111..."})
final class RoyaltyClaim implements Callable<Integer> {
    @Option(names = "--did", required = true, paramLabel = "DID", description = "did:lux:<chainId>:<address>")
    private LuxDid did = LuxDid.of(1, "0x0000000000000000000000000000000000000000");

    @Mixin
    private TokenOption token = new TokenOption();

    @Mixin
    private NodeChoice where = new NodeChoice();

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        Optional<EvmAddress> in = Optional.of(token.orNative());
        return ClaimRun.tell(
                where.ask(node -> ClaimRun.remote(node, did, in, output), node -> ClaimRun.here(node, did, in)),
                output);
    }
}
