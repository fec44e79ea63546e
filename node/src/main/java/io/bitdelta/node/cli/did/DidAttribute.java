package io.bitdelta.node.cli.did;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.node.cli.CommandException;
import io.bitdelta.node.did.DidChange;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code did attribute}. */
@Command(
        name = "attribute",
        description = "Say something about a DID on the chain: a service, a key; or take it back.",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Example:",
            "  bitdelta did attribute set did:lux:31337:0x11... --name did/svc/IpfsGateway --text https://gw.example --days 365 --key owner.json"
        },
        subcommands = {DidAttribute.Set.class, DidAttribute.Remove.class})
final class DidAttribute {
    /** A transaction with more would not fit into a block's gas anyway. */
    private static final int MOST_BYTES = 16 * 1024;

    private DidAttribute() {}

    /** Name and value. */
    static final class What {
        @Option(
                names = "--name",
                required = true,
                paramLabel = "NAME",
                description =
                        "did/svc/<type> for a service's address; did/pub/<algorithm>/<purpose> for a key, e.g. did/pub/BitDelta/enc.")
        private String name = "";

        @ArgGroup(multiplicity = "1")
        private Value value = new Value();

        String hex() throws IOException {
            byte[] bytes;
            if (value.text != null) {
                bytes = value.text.getBytes(StandardCharsets.UTF_8);
            } else if (value.hex != null) {
                bytes = HexText.parse(value.hex);
            } else if (value.file != null && Files.size(value.file) <= MOST_BYTES) {
                bytes = Files.readAllBytes(value.file);
            } else {
                throw CommandException.usage("--file: more than %d bytes do not go on the chain".formatted(MOST_BYTES));
            }
            if (bytes.length > MOST_BYTES) {
                throw CommandException.usage(
                        "%d bytes do not go on the chain, at most %d do".formatted(bytes.length, MOST_BYTES));
            }
            return HexText.of(bytes);
        }
    }

    /** One of three forms. */
    static final class Value {
        @Option(names = "--text", paramLabel = "TEXT", description = "The value as text.")
        private @Nullable String text;

        @Option(names = "--hex", paramLabel = "HEX", description = "The value as 0x-hex.")
        private @Nullable String hex;

        @Option(names = "--file", paramLabel = "FILE", description = "The value is the file's bytes.")
        private @Nullable Path file;
    }

    /** {@code did attribute set}. */
    @Command(
            name = "set",
            description = "Say something about a DID for some days.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  bitdelta did attribute set did:lux:31337:0x11... --name did/svc/IpfsGateway --text https://gw.example --days 365 --key owner.json"
            })
    static final class Set implements Callable<Integer> {
        @Mixin
        private What what = new What();

        @Option(names = "--days", required = true, paramLabel = "N", description = "How long.")
        private int days;

        @Mixin
        private ChangeOptions change = new ChangeOptions();

        @Override
        public Integer call() throws Exception {
            return change.apply(new DidChange.SetAttribute(
                    what.name, what.hex(), Duration.ofDays(days).toSeconds()));
        }
    }

    /** {@code did attribute remove}. */
    @Command(
            name = "remove",
            description = "Take back what was said about a DID; name and value as they were set.",
            mixinStandardHelpOptions = true,
            footer = {
                "",
                "Example:",
                "  bitdelta did attribute remove did:lux:31337:0x11... --name did/svc/IpfsGateway --text https://gw.example --key owner.json"
            })
    static final class Remove implements Callable<Integer> {
        @Mixin
        private What what = new What();

        @Mixin
        private ChangeOptions change = new ChangeOptions();

        @Override
        public Integer call() throws Exception {
            return change.apply(new DidChange.RemoveAttribute(what.name, what.hex()));
        }
    }
}
