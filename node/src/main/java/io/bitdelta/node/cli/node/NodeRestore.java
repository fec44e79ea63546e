package io.bitdelta.node.cli.node;

import io.bitdelta.node.backup.BackupManifest;
import io.bitdelta.node.backup.Restore;
import io.bitdelta.node.cli.DataOption;
import io.bitdelta.node.cli.ExitCode;
import io.bitdelta.node.cli.Output;
import io.bitdelta.node.config.DataFolder;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.lookup.IndexTables;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code node restore}. */
@Command(
        name = "restore",
        description =
                "Fill an empty data folder and database from a backup. The backup is checked completely first; keys have to be put back by hand.",
        mixinStandardHelpOptions = true,
        footer = {"", "Example:", "  bitdelta node restore /backups/node-2026-11-21.zip --data ./restored"})
final class NodeRestore implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "A backup.")
    private Path file = Path.of("");

    @Mixin
    private DataOption data = new DataOption();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "Configuration that names the database; default: config.yaml in the folder, else SQLite.")
    private @Nullable Path config;

    @Mixin
    private Output output = new Output();

    @Override
    public Integer call() throws Exception {
        try (DataFolder folder = DataFolder.open(data.folder())) {
            var settings = NodeConfig.load(folder.root(), Optional.ofNullable(config))
                    .database()
                    .settings(folder.database());
            BackupManifest manifest = new Restore(folder.root(), settings, IndexTables.derived()).read(file);
            List<String> missing = manifest.keys().stream()
                    .filter(key -> !Files.exists(folder.keys().resolve(key)))
                    .toList();
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("createdAt", manifest.createdAt());
            json.put("source", manifest.source());
            json.put("schema", manifest.schema());
            json.put("keysMissing", missing);
            missing.forEach(key -> output.say("put this key back before you start the node: keys/" + key));
            output.result(json, out -> json.forEach((name, value) -> out.printf("%-12s %s%n", name, value)));
        }
        return ExitCode.OK;
    }
}
