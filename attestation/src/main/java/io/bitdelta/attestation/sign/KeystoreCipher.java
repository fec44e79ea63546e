package io.bitdelta.attestation.sign;

import io.bitdelta.attestation.bytes.EvmAddress;
import io.bitdelta.attestation.bytes.Keccak256;
import io.bitdelta.attestation.json.CanonicalJson;
import io.bitdelta.attestation.json.JsonException;
import io.bitdelta.attestation.json.JsonObject;
import io.bitdelta.attestation.json.JsonValue;
import io.bitdelta.attestation.json.ObjectBuilder;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.AESEngine;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.generators.SCrypt;
import org.bouncycastle.crypto.modes.SICBlockCipher;
import org.bouncycastle.crypto.params.KeyParameter;
import org.bouncycastle.crypto.params.ParametersWithIV;

/** The web3 secret storage format, version 3: scrypt (or PBKDF2 when reading), AES-128-CTR, Keccak MAC. */
final class KeystoreCipher {
    private static final int MAX_FILE = 64 << 10;
    private static final long MAX_SCRYPT_BYTES = 1L << 30;
    private static final int BLOCK_SIZE = 8;

    private KeystoreCipher() {}

    /**
     * Encrypts.
     *
     * @param cost scrypt's N, a power of two
     */
    static byte[] encrypt(Secp256k1Key key, char[] password, int cost, SecureRandom random) {
        byte[] salt = new byte[32];
        byte[] iv = new byte[16];
        byte[] id = new byte[16];
        random.nextBytes(salt);
        random.nextBytes(iv);
        random.nextBytes(id);
        byte[] secret = key.privateBytes();
        byte[] utf8 = utf8(password);
        byte[] derived = SCrypt.generate(utf8, salt, cost, BLOCK_SIZE, 1, 32);
        try {
            byte[] cipher = ctr(derived, iv, secret);
            HexFormat hex = HexFormat.of();
            JsonValue file = new ObjectBuilder()
                    .put("address", key.address().hex().substring(2))
                    .put(
                            "crypto",
                            new ObjectBuilder()
                                    .put("cipher", "aes-128-ctr")
                                    .put(
                                            "cipherparams",
                                            new ObjectBuilder()
                                                    .put("iv", hex.formatHex(iv))
                                                    .build())
                                    .put("ciphertext", hex.formatHex(cipher))
                                    .put("kdf", "scrypt")
                                    .put(
                                            "kdfparams",
                                            new ObjectBuilder()
                                                    .put("dklen", 32)
                                                    .put("n", cost)
                                                    .put("p", 1)
                                                    .put("r", BLOCK_SIZE)
                                                    .put("salt", hex.formatHex(salt))
                                                    .build())
                                    .put("mac", hex.formatHex(mac(derived, cipher)))
                                    .build())
                    .put("id", version4(id).toString())
                    .put("version", 3)
                    .build();
            return CanonicalJson.write(file);
        } finally {
            wipe(secret, utf8, derived);
        }
    }

    /** The address that the file claims, without a password. */
    static EvmAddress claimedAddress(byte[] file, String where) {
        try {
            JsonObject root = JsonObject.of("keystore", CanonicalJson.readAny(file, MAX_FILE));
            return EvmAddress.of("0x" + strip(root.text("address")));
        } catch (JsonException | IllegalArgumentException e) {
            throw malformed(where, e);
        }
    }

    /**
     * Decrypts.
     *
     * @throws KeystoreException {@code MALFORMED} or {@code WRONG_PASSWORD}
     */
    static Secp256k1Key decrypt(byte[] file, char[] password, String where) {
        byte[] utf8 = utf8(password);
        byte[] derived = new byte[0];
        byte[] secret = new byte[0];
        try {
            JsonObject root = JsonObject.of("keystore", CanonicalJson.readAny(file, MAX_FILE));
            root.whole("version", 3, 3);
            JsonObject crypto = root.has("crypto") ? root.object("crypto") : root.object("Crypto");
            if (!crypto.text("cipher").equals("aes-128-ctr")) {
                throw new JsonException("cipher " + crypto.text("cipher") + " is not aes-128-ctr");
            }
            byte[] iv = bytes(crypto.object("cipherparams"), "iv", 16);
            byte[] cipher = bytes(crypto, "ciphertext", 32);
            byte[] mac = bytes(crypto, "mac", 32);
            derived = derive(crypto, utf8);
            if (!MessageDigest.isEqual(mac, mac(derived, cipher))) {
                throw new KeystoreException(
                        KeystoreException.Reason.WRONG_PASSWORD, where + ": wrong password, or an altered file");
            }
            secret = ctr(derived, iv, cipher);
            Secp256k1Key key = Secp256k1Key.fromPrivate(secret);
            if (root.has("address")
                    && !EvmAddress.of("0x" + strip(root.text("address"))).equals(key.address())) {
                throw new JsonException("the key is of " + key.address() + ", the file says " + root.text("address"));
            }
            return key;
        } catch (JsonException | IllegalArgumentException | SignatureException e) {
            throw malformed(where, e);
        } finally {
            wipe(utf8, derived, secret);
        }
    }

    private static byte[] derive(JsonObject crypto, byte[] password) {
        JsonObject params = crypto.object("kdfparams");
        params.whole("dklen", 32, 32);
        byte[] salt = HexFormat.of().parseHex(params.text("salt"));
        String kdf = crypto.text("kdf");
        if (kdf.equals("scrypt")) {
            long n = params.whole("n", 2, 1 << 22);
            long r = params.whole("r", 1, 64);
            long p = params.whole("p", 1, 64);
            if (Long.bitCount(n) != 1 || 128 * n * r * p > MAX_SCRYPT_BYTES) {
                throw new JsonException("scrypt parameters n=" + n + " r=" + r + " p=" + p
                        + " are no power of two or cost over " + MAX_SCRYPT_BYTES + " bytes");
            }
            if (16 * r < Long.SIZE - 2 && n >= 1L << (16 * r)) {
                throw new JsonException("scrypt n=" + n + " with r=" + r + " is outside RFC 7914: n must be below 2^"
                        + 16 * r + "; have its own program write it with r=8");
            }
            return SCrypt.generate(password, salt, (int) n, (int) r, (int) p, 32);
        }
        if (kdf.equals("pbkdf2") && params.text("prf").equals("hmac-sha256")) {
            int rounds = (int) params.whole("c", 1, 10_000_000);
            PKCS5S2ParametersGenerator generator = new PKCS5S2ParametersGenerator(new SHA256Digest());
            generator.init(password, salt, rounds);
            return ((KeyParameter) generator.generateDerivedMacParameters(256)).getKey();
        }
        throw new JsonException("key derivation " + kdf + " is not known");
    }

    private static byte[] ctr(byte[] derived, byte[] iv, byte[] input) {
        var cipher = SICBlockCipher.newInstance(AESEngine.newInstance());
        cipher.init(true, new ParametersWithIV(new KeyParameter(derived, 0, 16), iv));
        byte[] out = new byte[input.length];
        cipher.processBytes(input, 0, input.length, out, 0);
        return out;
    }

    private static byte[] mac(byte[] derived, byte[] cipher) {
        return Keccak256.of(Arrays.copyOfRange(derived, 16, 32), cipher).bytes();
    }

    private static byte[] bytes(JsonObject object, String key, int length) {
        byte[] out = HexFormat.of().parseHex(object.text(key));
        if (out.length != length) {
            throw new JsonException(object.at(key) + ": " + out.length + " bytes, not " + length);
        }
        return out;
    }

    private static String strip(String address) {
        String lower = address.toLowerCase(Locale.ROOT);
        return lower.startsWith("0x") ? lower.substring(2) : lower;
    }

    private static byte[] utf8(char[] password) {
        ByteBuffer buffer = StandardCharsets.UTF_8.encode(CharBuffer.wrap(password));
        byte[] out = new byte[buffer.remaining()];
        buffer.get(out).flip();
        while (buffer.hasRemaining()) {
            buffer.put((byte) 0);
        }
        return out;
    }

    private static UUID version4(byte[] random) {
        ByteBuffer buffer = ByteBuffer.wrap(random);
        long high = (buffer.getLong() & ~0xF000L) | 0x4000L;
        long low = (buffer.getLong() & ~(3L << 62)) | (1L << 63);
        return new UUID(high, low);
    }

    private static void wipe(byte[]... secrets) {
        for (byte[] secret : secrets) {
            Arrays.fill(secret, (byte) 0);
        }
    }

    private static KeystoreException malformed(String where, RuntimeException cause) {
        return new KeystoreException(
                KeystoreException.Reason.MALFORMED,
                where + ": not a usable web3 keystore (version 3): " + cause.getMessage(),
                cause);
    }
}
