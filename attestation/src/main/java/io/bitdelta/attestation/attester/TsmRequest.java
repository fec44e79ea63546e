package io.bitdelta.attestation.attester;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.HexFormat;

/** One request of the kernel's report interface: attributes to read and write, gone when closed. */
interface TsmRequest extends Closeable {
    /** For messages. */
    String name();

    boolean has(String attribute);

    byte[] read(String attribute) throws IOException;

    void write(String attribute, byte[] value) throws IOException;

    /** Makes requests. */
    interface Source {
        TsmRequest open() throws IOException;
    }

    /** Requests as folders: the kernel fills a folder when it is made and empties it when it is removed. */
    static Source inFolder(Path folder, SecureRandom random) {
        return () -> {
            if (!Files.isDirectory(folder)) {
                throw new AttesterException(
                        folder + " is not there: no configfs-tsm, so this is no TDX or SEV-SNP guest");
            }
            byte[] name = new byte[8];
            random.nextBytes(name);
            return new Folder(Files.createDirectory(
                    folder.resolve("bitdelta-" + HexFormat.of().formatHex(name))));
        };
    }

    /**
     * A request on disk.
     *
     * @param path its folder
     */
    record Folder(Path path) implements TsmRequest {
        private static final int MAX_BYTES = 1 << 20;

        @Override
        public String name() {
            return path.toString();
        }

        @Override
        public boolean has(String attribute) {
            return Files.exists(path.resolve(attribute));
        }

        @Override
        public byte[] read(String attribute) throws IOException {
            try (InputStream in = Files.newInputStream(path.resolve(attribute))) {
                byte[] bytes = in.readNBytes(MAX_BYTES + 1);
                if (bytes.length > MAX_BYTES) {
                    throw new AttesterException(path.resolve(attribute) + " is longer than " + MAX_BYTES + " bytes");
                }
                return bytes;
            }
        }

        @Override
        public void write(String attribute, byte[] value) throws IOException {
            Files.write(path.resolve(attribute), value);
        }

        @Override
        public void close() throws IOException {
            Files.deleteIfExists(path);
        }
    }
}
