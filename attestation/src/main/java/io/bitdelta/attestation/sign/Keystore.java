package io.bitdelta.attestation.sign;

import io.bitdelta.attestation.bytes.EvmAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** A folder of web3 keystore files, one per account, named {@code <address>.json}, readable by their owner only. */
public final class Keystore {
    /** scrypt's N of new files, the cost that wallets use: about 256 MiB and half a second. */
    public static final int DEFAULT_COST = 1 << 18;

    private final Path folder;
    private final int cost;

    private Keystore(Path folder, int cost) {
        this.folder = folder;
        this.cost = cost;
    }

    /** The keystore in a folder, which is made with the first key. */
    public static Keystore at(Path folder) {
        return new Keystore(folder, DEFAULT_COST);
    }

    /**
     * A keystore whose new files cost another amount of work.
     *
     * @param cost scrypt's N, a power of two from 2 to 2^20
     */
    public static Keystore at(Path folder, int cost) {
        if (Integer.bitCount(cost) != 1 || cost < 2 || cost > 1 << 20) {
            throw new IllegalArgumentException("scrypt cost " + cost + " is no power of two of [2, 2^20]");
        }
        return new Keystore(folder, cost);
    }

    /** A fresh key, stored. */
    public Secp256k1Key create(char[] password, SecureRandom random) throws IOException {
        Secp256k1Key key = Secp256k1Key.generate(random);
        store(key, password, random);
        return key;
    }

    /**
     * Stores a key.
     *
     * @return the file
     * @throws KeystoreException {@code ALREADY_EXISTS}; nothing is overwritten
     */
    public Path store(Secp256k1Key key, char[] password, SecureRandom random) throws IOException {
        Path file = file(key.address());
        if (Files.exists(file)) {
            throw new KeystoreException(
                    KeystoreException.Reason.ALREADY_EXISTS, file + " exists already; it is left as it is");
        }
        SecretFile.write(file, KeystoreCipher.encrypt(key, password, cost, random));
        return file;
    }

    /**
     * Opens the key of an account.
     *
     * @throws KeystoreException {@code NOT_FOUND}, {@code MALFORMED} or {@code WRONG_PASSWORD}
     */
    public Secp256k1Key load(EvmAddress address, char[] password) throws IOException {
        Path file = file(address);
        if (!Files.exists(file)) {
            throw new KeystoreException(KeystoreException.Reason.NOT_FOUND, "no key of " + address + " in " + folder);
        }
        Secp256k1Key key = open(file, password);
        // The format's MAC does not cover the counter, and a file need not name its account.
        if (!key.address().equals(address)) {
            throw new KeystoreException(
                    KeystoreException.Reason.MALFORMED,
                    file + " holds the key of " + key.address() + ", not of " + address);
        }
        return key;
    }

    /**
     * Opens any keystore file, also of another program.
     *
     * @throws KeystoreException {@code MALFORMED} or {@code WRONG_PASSWORD}
     */
    public static Secp256k1Key open(Path file, char[] password) throws IOException {
        return KeystoreCipher.decrypt(SecretFile.read(file), password, file.toString());
    }

    /** The accounts, ascending; files of other names are not looked at. */
    public List<EvmAddress> list() throws IOException {
        List<EvmAddress> out = new ArrayList<>();
        if (!Files.isDirectory(folder)) {
            return out;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.sorted().toList()) {
                if (file.getFileName().toString().matches("0x[0-9a-f]{40}\\.json")) {
                    out.add(KeystoreCipher.claimedAddress(SecretFile.read(file), file.toString()));
                }
            }
        }
        return out;
    }

    /** Where the key of an account is or would be. */
    public Path file(EvmAddress address) {
        return folder.resolve(address.hex() + ".json");
    }
}
