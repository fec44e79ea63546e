package io.bitdelta.node.cli.key;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code key list}. */
@Command(
        name = "list",
        description = "List the accounts of the keystore.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta key list --data node1"})
final class KeyList implements Callable<Integer> {
    @Mixin
    private KeyFolder folder;

    @Mixin
    private Output output;

    @SuppressWarnings("NullAway.Init") // picocli fills the fields
    KeyList() {}

    @Override
    public Integer call() throws Exception {
        List<EvmAddress> accounts = folder.keystore().list();
        List<Map<String, String>> keys = accounts.stream()
                .map(a -> Map.of(
                        "address", a.hex(), "file", folder.keystore().file(a).toString()))
                .toList();
        output.result(Map.of("keys", keys), out -> {
            accounts.forEach(out::println);
            if (accounts.isEmpty()) {
                out.println("no keys in " + folder.data().resolve("keys") + " (make one with 'key new')");
            }
        });
        return ExitCode.OK;
    }
}
