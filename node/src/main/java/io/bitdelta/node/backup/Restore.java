package io.bitdelta.node.backup;

import io.bitdelta.node.config.DurableFiles;
import io.bitdelta.node.config.NodeConfig;
import io.bitdelta.node.config.TemporaryFolder;
import io.bitdelta.node.store.Database;
import io.bitdelta.node.store.DatabaseException;
import io.bitdelta.node.store.DatabaseSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import tools.jackson.core.JacksonException;

/** Restores backups into a data folder and a database that hold nothing yet. */
public final class Restore {
    private static final Pattern DEPLOYMENT = Pattern.compile("deployments/[0-9]{1,19}\\.json");
    private static final long MOST_SMALL_BYTES = 16L << 20;

    private final Path dataFolder;
    private final DatabaseSettings settings;
    private final TableCopy tables;

    /**
     * @param dataFolder where deployments go; held by the caller
     * @param settings of the database that is filled
     * @param derived tables that are rebuilt from the chain
     */
    public Restore(Path dataFolder, DatabaseSettings settings, Set<String> derived) {
        this.dataFolder = dataFolder;
        this.settings = settings;
        this.tables = new TableCopy(derived);
    }

    /**
     * Checks a backup completely and then restores it.
     *
     * @return what it held
     * @throws BackupException when it is damaged, of a newer version, or when there is something in its place; nothing was
     *     changed then
     */
    public BackupManifest read(Path file) throws IOException {
        try (TemporaryFolder folder = TemporaryFolder.create(dataFolder, ".restore-");
                ZipFile zip = new ZipFile(file.toFile())) {
            BackupManifest manifest = manifest(zip, file);
            SortedMap<String, Path> entries = extract(zip, manifest, folder.path(), file);
            Path copy = entries.get(Backup.DATABASE);
            if (copy == null) {
                throw new BackupException(file + " holds no database");
            }
            requireWhole(copy, file);
            refuseOccupied();
            fill(copy, manifest, file);
            for (var entry : entries.entrySet()) {
                if (DEPLOYMENT.matcher(entry.getKey()).matches()
                        || entry.getKey().equals(NodeConfig.FILE)) {
                    Path target = dataFolder.resolve(entry.getKey());
                    Files.createDirectories(target.getParent());
                    if (!Files.exists(target)) {
                        DurableFiles.write(target, Files.readAllBytes(entry.getValue()));
                    }
                }
            }
            return manifest;
        } catch (ZipException damaged) {
            throw new BackupException("%s is not a backup: %s".formatted(file, damaged.getMessage()), damaged);
        }
    }

    private static BackupManifest manifest(ZipFile zip, Path file) throws IOException {
        ZipEntry entry = zip.getEntry(Backup.MANIFEST);
        if (entry == null || entry.getSize() > MOST_SMALL_BYTES) {
            throw new BackupException(file + " is not a backup: it has no " + Backup.MANIFEST);
        }
        try (InputStream in = zip.getInputStream(entry)) {
            BackupManifest manifest =
                    Backup.JSON.readValue(in.readNBytes((int) MOST_SMALL_BYTES), BackupManifest.class);
            if (!BackupManifest.FORMAT.equals(manifest.format())) {
                throw new BackupException("%s has format %s, this program reads %s"
                        .formatted(file, manifest.format(), BackupManifest.FORMAT));
            }
            return manifest;
        } catch (JacksonException malformed) {
            throw new BackupException("%s: %s is damaged".formatted(file, Backup.MANIFEST), malformed);
        }
    }

    /** Every entry that the manifest names and nothing else, each with the hash that it gives. */
    private static SortedMap<String, Path> extract(ZipFile zip, BackupManifest manifest, Path folder, Path file)
            throws IOException {
        SortedMap<String, Path> entries = new TreeMap<>();
        for (var expected : manifest.sha256().entrySet()) {
            String name = expected.getKey();
            boolean known = name.equals(Backup.DATABASE)
                    || name.equals(NodeConfig.FILE)
                    || DEPLOYMENT.matcher(name).matches();
            ZipEntry entry = zip.getEntry(name);
            if (!known || entry == null) {
                throw new BackupException(
                        "%s: entry %s is %s".formatted(file, name, known ? "missing" : "none of a backup"));
            }
            Path target = folder.resolve(name.replace('/', '-'));
            try (InputStream in = zip.getInputStream(entry)) {
                Files.copy(in, target);
            }
            String found = Backup.sha256(target);
            if (!found.equals(expected.getValue())) {
                throw new BackupException("%s: entry %s has SHA-256 %s instead of %s: the file is damaged"
                        .formatted(file, name, found, expected.getValue()));
            }
            entries.put(name, target);
        }
        return entries;
    }

    private static void requireWhole(Path copy, Path file) {
        try (Database database = Database.open(new DatabaseSettings.Sqlite(copy))) {
            String verdict = database.integrity();
            if (!verdict.equals("ok")) {
                throw new BackupException("%s: the database in it is damaged: %s".formatted(file, verdict));
            }
            database.checkpoint();
        } catch (DatabaseException unusable) {
            throw new BackupException("%s: %s".formatted(file, unusable.getMessage()), unusable);
        }
    }

    private void refuseOccupied() {
        switch (settings) {
            case DatabaseSettings.Sqlite sqlite -> {
                if (Files.exists(sqlite.file())) {
                    throw new BackupException(
                            "%s exists: restore into a data folder without a database".formatted(sqlite.file()));
                }
            }
            case DatabaseSettings.Postgresql server -> {
                try (Database database = Database.open(server)) {
                    long rows = tables.rows(database);
                    if (rows > 0) {
                        throw new BackupException("the database %s holds %d rows: restore into an empty one"
                                .formatted(server.url(), rows));
                    }
                }
            }
        }
    }

    private void fill(Path copy, BackupManifest manifest, Path file) throws IOException {
        switch (settings) {
            case DatabaseSettings.Sqlite sqlite -> {
                DurableFiles.force(copy);
                Files.move(copy, sqlite.file(), StandardCopyOption.ATOMIC_MOVE);
            }
            case DatabaseSettings.Postgresql server -> {
                try (Database from = Database.open(new DatabaseSettings.Sqlite(copy));
                        Database to = Database.open(server)) {
                    long expected = tables.rows(from);
                    long copied = tables.copy(from, from.sql(), to);
                    if (copied != expected || tables.rows(to) != expected) {
                        throw new BackupException("%s of %s: %d rows were restored of %d"
                                .formatted(file, manifest.createdAt(), copied, expected));
                    }
                }
            }
        }
    }
}
