package io.bitdelta.node.chain;

import io.bitdelta.contracts.DeltaSoups;
import io.bitdelta.contracts.artifact.ContractArtifact;
import io.bitdelta.node.config.TestChains;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import org.web3j.abi.FunctionEncoder;
import org.web3j.abi.TypeReference;
import org.web3j.abi.datatypes.Address;
import org.web3j.abi.datatypes.DynamicArray;
import org.web3j.abi.datatypes.DynamicBytes;
import org.web3j.abi.datatypes.Function;
import org.web3j.abi.datatypes.Type;
import org.web3j.abi.datatypes.generated.Uint128;
import org.web3j.abi.datatypes.generated.Uint16;
import org.web3j.abi.datatypes.generated.Uint256;
import org.web3j.abi.datatypes.generated.Uint40;
import org.web3j.crypto.ContractUtils;
import org.web3j.crypto.Hash;
import org.web3j.tx.gas.DefaultGasProvider;
import org.web3j.utils.Numeric;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Puts the contracts on a chain, once. Each creation is an outbox entry, so a deployment that was cut off goes on; a
 * finished one is only checked: every address must still hold the code that was deployed.
 */
public final class Deployer {
    private static final long TIMELOCK_SECONDS = 72 * 3600;
    private static final long LEAST_WINDOW_SECONDS = 24 * 3600;
    private static final Address NONE = new Address(BigInteger.ZERO);

    private final ChainClient chain;
    private final Outbox outbox;
    private final Path folder;
    private final SoupTerms terms;

    /**
     * @param folder where deployment files are
     * @param terms refused when the window is under a day and the chain is not a test chain
     */
    public Deployer(ChainClient chain, Outbox outbox, Path folder, SoupTerms terms) {
        this.chain = chain;
        this.outbox = outbox;
        this.folder = folder;
        this.terms = terms;
    }

    /**
     * The contracts of this chain, deployed if they are not.
     *
     * @throws ChainException when a deployment file exists whose contracts are not on the chain
     * @throws IOException when the deployment file cannot be read or written
     */
    public Deployment deploy() throws IOException {
        long chainId = chain.chainId();
        Optional<Deployment> known = Deployment.load(folder, chainId);
        if (known.isPresent()) {
            check(known.get());
            return withLedger(known.get());
        }
        if (terms.windowSeconds() < LEAST_WINDOW_SECONDS && !TestChains.contains(chainId)) {
            throw new ChainException(
                    "a challenge window of %d s on chain %d, which is not a test chain: at least %d s are needed"
                            .formatted(terms.windowSeconds(), chainId, LEAST_WINDOW_SECONDS));
        }
        Map<String, Deployment.Contract> contracts = new TreeMap<>();
        Address deployer = new Address(outbox.signer());
        Address identities = create(contracts, "IdentityRegistry", List.of());
        Address implementation = create(contracts, "BitDeltaRegistry", List.of(identities));
        Address timelock = create(
                contracts,
                "RegistryTimelock",
                List.of(
                        new Uint256(TIMELOCK_SECONDS),
                        new DynamicArray<>(Address.class, deployer),
                        new DynamicArray<>(Address.class, deployer)));
        Address registry = create(
                contracts,
                "BitDeltaRegistryProxy",
                List.of(implementation, new DynamicBytes(initialize(timelock, deployer))));
        Address soups = create(
                contracts,
                "DeltaSoups",
                List.of(
                        registry,
                        identities,
                        NONE,
                        new Uint40(terms.windowSeconds()),
                        new Uint40(terms.responseSeconds()),
                        new Uint40(terms.finalityLagSeconds()),
                        new Uint128(terms.bondWei()),
                        new Uint128(terms.gasPriceFloorWei()),
                        NONE,
                        new Uint16(0),
                        new Uint40(terms.escrowDelaySeconds())));
        String royalties = chain.read(
                "royalties contract",
                DeltaSoups.load(soups.getValue(), chain.web3(), chain.readOnly(), new DefaultGasProvider())
                        .ROYALTIES());
        Deployment.Contract creator = Objects.requireNonNull(contracts.get("DeltaSoups"));
        contracts.put(
                "BitDeltaRoyalties",
                new Deployment.Contract(royalties, codeHash(royalties), "", creator.block(), abi("BitDeltaRoyalties")));
        return withLedger(new Deployment(chainId, contracts));
    }

    /** Stores the deployment, with the training ledger: nothing depends on it, so an older deployment gets it later. */
    private Deployment withLedger(Deployment deployment) throws IOException {
        if (deployment.contracts().containsKey("TrainingLedger")) {
            return deployment;
        }
        Map<String, Deployment.Contract> contracts = new TreeMap<>(deployment.contracts());
        create(
                contracts,
                "TrainingLedger",
                List.of(
                        new Address(deployment.address("IdentityRegistry")),
                        new Address(deployment.address("BitDeltaRoyalties"))));
        Deployment complete = new Deployment(deployment.chainId(), contracts);
        complete.store(folder);
        return complete;
    }

    private static byte[] initialize(Address owner, Address guardian) {
        return Numeric.hexStringToByteArray(FunctionEncoder.encode(
                new Function("initialize", List.of(owner, guardian), List.<TypeReference<?>>of())));
    }

    @SuppressWarnings("rawtypes") // web3j's encoder speaks raw types
    private Address create(Map<String, Deployment.Contract> contracts, String name, List<Type> arguments) {
        ContractArtifact artifact = ContractArtifact.load(name);
        String data = artifact.bytecode() + FunctionEncoder.encodeConstructor(arguments);
        OutboxEntry entry = outbox.execute(new TxRequest("deploy " + name, null, data, BigInteger.ZERO));
        String address = ContractUtils.generateContractAddress(entry.signer(), BigInteger.valueOf(entry.nonce()));
        contracts.put(
                name, new Deployment.Contract(address, codeHash(address), entry.hash(), entry.block(), abi(name)));
        return new Address(address);
    }

    private static JsonNode abi(String name) {
        return JsonMapper.shared().readTree(ContractArtifact.load(name).abi());
    }

    private String codeHash(String address) {
        return Hash.sha3(chain.code(address));
    }

    private void check(Deployment deployment) {
        deployment.contracts().forEach((name, contract) -> {
            String found = codeHash(contract.address());
            if (!found.equals(contract.codeHash())) {
                throw new ChainException(
                        "%s should be at %s on chain %d with code %s, but %s is there: the chain was reset or is another one; use a fresh --data folder"
                                .formatted(name, contract.address(), deployment.chainId(), contract.codeHash(), found));
            }
        });
    }
}
