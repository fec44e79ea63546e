package io.bitdelta.node.cli.node;

import io.bitdelta.node.backup.Backup;
import io.bitdelta.node.backup.BackupManifest;
import io.bitdelta.node.cli.DataOption;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.lookup.IndexTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node backup}. */
@Command(
        name = "backup",
        description =
                "Write what cannot be read again from the chain to a file: outbox, publications, accounts, contract addresses. Keys and content blocks are not in it. The node may be running.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node backup /backups/node-2026-11-21.zip --data ./data"})
final class NodeBackup implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "Must not exist.")
    private Path file = Path.of("");

    @Mixin
    private DataOption data = new DataOption();

    @Option(names = "--config", paramLabel = "FILE", description = "Configuration; default: config.yaml in the folder.")
    private @Nullable Path config;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        Path folder = data.folder();
        var settings = NodeConfig.load(folder, Optional.ofNullable(config))
                .database()
                .settings(folder.resolve("bitdelta.sqlite"));
        BackupManifest manifest = new Backup(folder, settings, IndexTables.derived(), Clock.systemUTC()).write(file);
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("file", file.toString());
        json.put("bytes", Files.size(file));
        json.put("schema", manifest.schema());
        json.put("createdAt", manifest.createdAt());
        json.put("keysNotIncluded", manifest.keys());
        manifest.keys().forEach(key -> output.say("NOT in the backup, keep a copy elsewhere: keys/" + key));
        output.result(json, out -> json.forEach((name, value) -> out.printf("%-16s %s%n", name, value)));
        return ExitCode.OK;
    }
}
