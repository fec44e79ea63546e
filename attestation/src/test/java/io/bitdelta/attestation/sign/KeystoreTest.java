package io.bitdelta.attestation.sign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bitdelta.attestation.bytes.EvmAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class KeystoreTest {
    private static final int QUICK = 1 << 10;
    private static final char[] PASSWORD = "correct horse é".toCharArray();

    private final SecureRandom random = new SecureRandom();

    @TempDir
    Path folder;

    @Test
    void aCreatedKeyIsListedAndOpensWithItsPassword() throws Exception {
        Keystore keystore = Keystore.at(folder.resolve("keys"), QUICK);
        assertThat(keystore.list()).isEmpty();
        Secp256k1Key key = keystore.create(PASSWORD, random);
        assertThat(keystore.list()).containsExactly(key.address());
        assertThat(keystore.load(key.address(), PASSWORD).privateBytes()).isEqualTo(key.privateBytes());
    }

    @Test
    void filesAreReadableByTheirOwnerOnly() throws Exception {
        Keystore keystore = Keystore.at(folder.resolve("keys"), QUICK);
        Secp256k1Key key = keystore.create(PASSWORD, random);
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(keystore.file(key.address()))))
                .isEqualTo("rw-------");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("keys"))))
                .isEqualTo("rwx------");
        try (var files = Files.list(folder.resolve("keys"))) {
            assertThat(files).hasSize(1);
        }
    }

    @Test
    void aFileThatHoldsAnotherKeyThanItsNameSaysIsRefused() throws Exception {
        Keystore keystore = Keystore.at(folder, QUICK);
        Secp256k1Key key = keystore.create(PASSWORD, random);
        Secp256k1Key other = Secp256k1Key.generate(random);
        Files.move(keystore.file(key.address()), keystore.file(other.address()));
        assertReason(() -> keystore.load(other.address(), PASSWORD), KeystoreException.Reason.MALFORMED);
    }

    @Test
    void aWrongPasswordIsAFailureOfItsOwn() throws Exception {
        Keystore keystore = Keystore.at(folder, QUICK);
        Secp256k1Key key = keystore.create(PASSWORD, random);
        assertReason(
                () -> keystore.load(key.address(), "wrong".toCharArray()), KeystoreException.Reason.WRONG_PASSWORD);
    }

    @Test
    void anExistingKeyIsNeverOverwritten() throws Exception {
        Keystore keystore = Keystore.at(folder, QUICK);
        Secp256k1Key key = keystore.create(PASSWORD, random);
        byte[] before = Files.readAllBytes(keystore.file(key.address()));
        assertReason(() -> keystore.store(key, "other".toCharArray(), random), KeystoreException.Reason.ALREADY_EXISTS);
        assertThat(Files.readAllBytes(keystore.file(key.address()))).isEqualTo(before);
    }

    @Test
    void aMissingKeyAndADamagedFileAreNamed() throws Exception {
        Keystore keystore = Keystore.at(folder, QUICK);
        EvmAddress nobody = EvmAddress.of(new byte[20]);
        assertReason(() -> keystore.load(nobody, PASSWORD), KeystoreException.Reason.NOT_FOUND);
        Files.writeString(keystore.file(nobody), "{\"version\":3}");
        assertReason(() -> keystore.load(nobody, PASSWORD), KeystoreException.Reason.MALFORMED);
    }

    @Test
    void scryptParametersOutsideTheirStandardAreNamed() throws Exception {
        // The scrypt vector of the web3 secret storage definition has n = 2^18 with r = 1; RFC 7914 allows n below
        // 2^16.
        Path file = folder.resolve("vector.json");
        Files.writeString(file, """
                {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"83dbcc02d8ccb40e466191a123791e0e"},
                "ciphertext":"d172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c","kdf":"scrypt",
                "kdfparams":{"dklen":32,"n":262144,"p":8,"r":1,
                "salt":"ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19"},
                "mac":"2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097"},
                "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}""");
        assertThatThrownBy(() -> Keystore.open(file, "testpassword".toCharArray()))
                .isInstanceOf(KeystoreException.class)
                .hasMessageContaining("RFC 7914");
    }

    @Test
    void theSpecificationsPbkdf2FileOpens() throws Exception {
        // Test vector of the web3 secret storage definition; key 7a28…d9d, password "testpassword".
        String pbkdf2 = """
                {"crypto":{"cipher":"aes-128-ctr","cipherparams":{"iv":"6087dab2f9fdbbfaddc31a909735c1e6"},
                "ciphertext":"5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46","kdf":"pbkdf2",
                "kdfparams":{"c":262144,"dklen":32,"prf":"hmac-sha256",
                "salt":"ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd"},
                "mac":"517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2"},
                "id":"3198bc9c-6672-5ab3-d995-4942343ae5b6","version":3}""";
        Path file = folder.resolve("vector.json");
        Files.writeString(file, pbkdf2);
        assertThat(HexFormat.of()
                        .formatHex(Keystore.open(file, "testpassword".toCharArray())
                                .privateBytes()))
                .isEqualTo("7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d");
    }

    @Test
    void parametersThatWouldEatTheMachineAreRefusedBeforeWork() throws Exception {
        Keystore keystore = Keystore.at(folder, QUICK);
        Secp256k1Key key = keystore.create(PASSWORD, random);
        Path file = keystore.file(key.address());
        String text = Files.readString(file, StandardCharsets.UTF_8);
        Files.writeString(file, text.replace("\"n\":1024", "\"n\":4194304").replace("\"r\":8", "\"r\":64"));
        assertReason(() -> keystore.load(key.address(), PASSWORD), KeystoreException.Reason.MALFORMED);
        Files.writeString(file, text.replace("\"n\":1024", "\"n\":1025"));
        assertReason(() -> keystore.load(key.address(), PASSWORD), KeystoreException.Reason.MALFORMED);
    }

    private static void assertReason(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call, KeystoreException.Reason reason) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        KeystoreException.class, e -> assertThat(e.reason()).isEqualTo(reason));
    }
}
