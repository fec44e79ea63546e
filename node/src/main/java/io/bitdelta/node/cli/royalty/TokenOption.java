package io.bitdelta.node.cli.royalty;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.royalty.Royalties;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Mixin: in which token. */
final class TokenOption {
    @Option(
            names = "--in",
            paramLabel = "TOKEN",
            description = "Address of an ERC-20 token; left out, or zero, it is the chain's native currency.")
    private @Nullable EvmAddress token;

    /** The token, the native currency when none was named. */
    EvmAddress orNative() {
        return token == null ? Royalties.NATIVE : token;
    }

    /** The token, if one was named. */
    Optional<EvmAddress> named() {
        return Optional.ofNullable(token);
    }
}
