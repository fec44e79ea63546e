package io.bitdelta.node.chain;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import org.web3j.crypto.Credentials;
import org.web3j.crypto.ECKeyPair;
import org.web3j.utils.Numeric;

/** Real chains for tests. */
public final class ChainFixture {
    /** Init code of a contract that stores how often it was called, in slot 0: {@code sstore(0, add(sload(0), 1))}. */
    static final String COUNTER_INIT = "0x6009600c60003960096000f3" + "60005460010160005500";

    private ChainFixture() {}

    public static EmbeddedChain start(Path folder) throws IOException {
        return EmbeddedChain.start(folder, anvil(), 0, Clock.systemUTC());
    }

    static Path anvil() {
        return Path.of(System.getProperty("bitdelta.home"), "contracts", "node_modules", ".bin", "anvil");
    }

    static Credentials fundedKey(EmbeddedChain chain) {
        byte[] secret = new byte[32];
        new SecureRandom().nextBytes(secret);
        secret[0] = 1;
        Credentials key = Credentials.create(ECKeyPair.create(secret));
        chain.fund(key.getAddress());
        return key;
    }

    /** How often the counter contract took effect. */
    static long count(ChainClient chain, String contract) {
        return Numeric.toBigInt(chain.rpc("eth_getStorageAt", contract, "0x0", "latest"))
                .longValueExact();
    }
}
