package io.bitdelta.node.backup;

import io.bitdelta.attestation.bytes.HexText;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseSettings;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Writes backups. A running node may be backed up: the database is read in one state. */
public final class Backup {
    static final String MANIFEST = "backup.json";
    static final String DATABASE = "database.sqlite";
    static final String DEPLOYMENTS = "deployments/";
    static final JsonMapper JSON =
            JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private final Path dataFolder;
    private final DatabaseSettings settings;
    private final TableCopy tables;
    private final Clock clock;

    /**
     * @param dataFolder of the node
     * @param settings of its database
     * @param derived tables that are rebuilt from the chain
     */
    public Backup(Path dataFolder, DatabaseSettings settings, Set<String> derived, Clock clock) {
        this.dataFolder = dataFolder;
        this.settings = settings;
        this.tables = new TableCopy(derived);
        this.clock = clock;
    }

    /**
     * Writes a backup.
     *
     * @param file must not exist
     * @return what it holds
     * @throws BackupException when there is no database, or the file exists
     */
    public BackupManifest write(Path file) throws IOException {
        if (Files.exists(file)) {
            throw new BackupException("%s exists: a backup never replaces a file".formatted(file));
        }
        Path target = file.toAbsolutePath();
        try (TemporaryFolder folder =
                TemporaryFolder.create(Objects.requireNonNull(target.getParent(), "a file has a folder"), ".backup-")) {
            Path copy = folder.path().resolve(DATABASE);
            String schema = copyDatabase(copy);
            TreeMap<String, Path> entries = new TreeMap<>();
            entries.put(DATABASE, copy);
            for (Path deployment : list(dataFolder.resolve("deployments"), ".json")) {
                entries.put(DEPLOYMENTS + deployment.getFileName(), deployment);
            }
            if (Files.exists(dataFolder.resolve(NodeConfig.FILE))) {
                entries.put(NodeConfig.FILE, dataFolder.resolve(NodeConfig.FILE));
            }
            TreeMap<String, String> sums = new TreeMap<>();
            for (var entry : entries.entrySet()) {
                sums.put(entry.getKey(), sha256(entry.getValue()));
            }
            BackupManifest manifest = new BackupManifest(
                    BackupManifest.FORMAT,
                    clock.instant().truncatedTo(ChronoUnit.SECONDS).toString(),
                    schema,
                    settings instanceof DatabaseSettings.Sqlite ? "sqlite" : "postgresql",
                    sums,
                    keys(dataFolder.resolve("keys")));
            Path whole = folder.path().resolve("whole.zip");
            zip(whole, manifest, entries);
            try {
                Files.createLink(target, whole);
            } catch (UnsupportedOperationException noLinks) {
                Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE);
            } catch (FileAlreadyExistsException meanwhile) {
                throw new BackupException("%s exists: a backup never replaces a file".formatted(file), meanwhile);
            }
            return manifest;
        }
    }

    /** @return the schema's version */
    private String copyDatabase(Path copy) throws IOException {
        if (settings instanceof DatabaseSettings.Sqlite sqlite && !Files.exists(sqlite.file())) {
            throw new BackupException(
                    "there is no database at %s: is --data the node's folder?".formatted(sqlite.file()));
        }
        try (Database source = Database.attach(settings)) {
            if (settings instanceof DatabaseSettings.Sqlite) {
                source.copyInto(copy);
            } else {
                try (Database target = Database.sqlite(copy)) {
                    source.snapshot(sql -> tables.copy(source, sql, target));
                    target.checkpoint();
                }
            }
            return source.schemaVersion();
        }
    }

    private static void zip(Path file, BackupManifest manifest, Map<String, Path> entries) throws IOException {
        Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE);
                OutputStream out = java.nio.channels.Channels.newOutputStream(channel);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            zip.putNextEntry(new ZipEntry(MANIFEST));
            zip.write(JSON.writeValueAsBytes(manifest));
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                Files.copy(entry.getValue(), zip);
            }
            zip.finish();
            channel.force(true);
        }
    }

    /** Every file that keeps a key or its password, by its path in the folder of keys. */
    private static List<String> keys(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(file -> folder.relativize(file).toString())
                    .sorted()
                    .toList();
        }
    }

    private static List<Path> list(Path folder, String suffix) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.getFileName().toString().endsWith(suffix))
                    .sorted()
                    .toList();
        }
    }

    static String sha256(Path file) throws IOException {
        try (InputStream in = Files.newInputStream(file);
                DigestInputStream digest = new DigestInputStream(in, MessageDigest.getInstance("SHA-256"))) {
            digest.transferTo(OutputStream.nullOutputStream());
            return HexText.of(digest.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }
}
