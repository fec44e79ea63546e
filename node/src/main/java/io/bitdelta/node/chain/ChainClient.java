package io.bitdelta.node.chain;

import java.io.IOException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.web3j.protocol.Service;
import org.web3j.protocol.Web3j;
import org.web3j.protocol.core.BatchRequest;
import org.web3j.protocol.core.DefaultBlockParameter;
import org.web3j.protocol.core.DefaultBlockParameterName;
import org.web3j.protocol.core.RemoteFunctionCall;
import org.web3j.protocol.core.Request;
import org.web3j.protocol.core.Response;
import org.web3j.protocol.core.methods.request.EthFilter;
import org.web3j.protocol.core.methods.request.Transaction;
import org.web3j.protocol.core.methods.response.EthBlock;
import org.web3j.protocol.core.methods.response.EthCall;
import org.web3j.protocol.core.methods.response.EthLog;
import org.web3j.protocol.core.methods.response.Log;
import org.web3j.protocol.core.methods.response.TransactionReceipt;
import org.web3j.tx.ReadonlyTransactionManager;
import org.web3j.tx.TransactionManager;

/**
 * One JSON-RPC endpoint of an EVM chain. Every method is a blocking call and throws {@link ChainException} when the
 * endpoint cannot be reached or answers an error. Thread-safe.
 */
public final class ChainClient implements AutoCloseable {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int BLOCKS_PER_REQUEST = 100;
    private static final int CALLS_PER_REQUEST = 100;

    private final String url;
    private final String name;
    private final Service service;
    private final Web3j web3;
    private final Runnable agreement;

    /** @param url HTTP address of a JSON-RPC endpoint */
    public ChainClient(String url) {
        this(url, new RpcTransport(url, TIMEOUT));
    }

    private ChainClient(String url, RpcTransport transport) {
        this(url, transport.name(), transport, () -> {});
    }

    /**
     * @param url where others may reach the same chain
     * @param name what messages call it; holds no secret
     * @param service carries requests
     * @param agreement throws a {@link ChainException} while nobody can tell which endpoint is right
     */
    public ChainClient(String url, String name, Service service, Runnable agreement) {
        this.url = url;
        this.name = name;
        this.service = service;
        this.agreement = agreement;
        this.web3 = Web3j.build(service);
    }

    /** The endpoint's address, which may hold a key: for connecting, not for logs. */
    public String url() {
        return url;
    }

    /** What messages call the endpoint. */
    public String name() {
        return name;
    }

    /**
     * To be called before anything is signed that rests on what this endpoint says.
     *
     * @throws ChainException while several endpoints disagree and nobody can tell which one is right
     */
    public void requireAgreement() {
        agreement.run();
    }

    /** {@code eth_chainId}. */
    public long chainId() {
        return answer(web3.ethChainId()).getChainId().longValueExact();
    }

    /** The newest block. */
    public BlockHead head() {
        return block(DefaultBlockParameterName.LATEST)
                .orElseThrow(() -> new ChainException(name + " has no latest block"));
    }

    /** Height of the newest block that the chain itself calls finalized; -1 while there is none. */
    public long finalizedHeight() {
        return block(DefaultBlockParameterName.FINALIZED).map(BlockHead::number).orElse(-1L);
    }

    /** A block by height, if it exists. */
    public Optional<BlockHead> block(long number) {
        return block(DefaultBlockParameter.valueOf(BigInteger.valueOf(number)));
    }

    /** The newest block that the chain calls finalized; empty where it has no such notion. */
    public Optional<BlockHead> finalized() {
        try {
            return block(DefaultBlockParameterName.FINALIZED);
        } catch (RpcRefusedException unknownTag) {
            return Optional.empty();
        }
    }

    /**
     * Blocks by height, in as few requests as the endpoint takes well.
     *
     * @param numbers heights
     * @return those that exist, in the order of {@code numbers}
     */
    public List<BlockHead> blocks(List<Long> numbers) {
        List<BlockHead> found = new ArrayList<>(numbers.size());
        for (int from = 0; from < numbers.size(); from += BLOCKS_PER_REQUEST) {
            List<Long> some = numbers.subList(from, Math.min(numbers.size(), from + BLOCKS_PER_REQUEST));
            if (some.size() == 1) {
                block(some.getFirst()).ifPresent(found::add);
            } else {
                batch(some).forEach(found::add);
            }
        }
        return found;
    }

    private List<BlockHead> batch(List<Long> numbers) {
        BatchRequest batch = web3.newBatch();
        numbers.forEach(number ->
                batch.add(web3.ethGetBlockByNumber(DefaultBlockParameter.valueOf(BigInteger.valueOf(number)), false)));
        List<BlockHead> found = new ArrayList<>(numbers.size());
        for (Response<?> answer : answers(batch, "eth_getBlockByNumber")) {
            EthBlock.Block block = ((EthBlock) answer).getBlock();
            if (block != null) {
                found.add(head(block));
            }
        }
        return found;
    }

    private List<? extends Response<?>> answers(BatchRequest batch, String method) {
        try {
            List<? extends Response<?>> answers = batch.send().getResponses();
            int asked = batch.getRequests().size();
            if (answers.size() != asked) {
                throw new ChainException(
                        "%s answers %d of %d requests of a batch".formatted(name, answers.size(), asked));
            }
            for (Response<?> answer : answers) {
                if (answer.hasError()) {
                    throw new RpcRefusedException(name + " refuses " + method + ": "
                            + answer.getError().getMessage());
                }
            }
            return answers;
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
    }

    private Optional<BlockHead> block(DefaultBlockParameter which) {
        EthBlock.Block block = answer(web3.ethGetBlockByNumber(which, false)).getBlock();
        return block == null ? Optional.empty() : Optional.of(head(block));
    }

    private static BlockHead head(EthBlock.Block block) {
        return new BlockHead(
                block.getNumber().longValueExact(),
                block.getHash(),
                block.getParentHash(),
                block.getTimestamp().longValueExact(),
                block.getBaseFeePerGas() == null ? BigInteger.ZERO : block.getBaseFeePerGas());
    }

    /** Number of transactions of {@code address} mined up to block {@code number}: the next nonce as of that block. */
    public long nonceAt(String address, long number) {
        return answer(web3.ethGetTransactionCount(address, DefaultBlockParameter.valueOf(BigInteger.valueOf(number))))
                .getTransactionCount()
                .longValueExact();
    }

    /** Balance in wei. */
    public BigInteger balance(String address) {
        return answer(web3.ethGetBalance(address, DefaultBlockParameterName.LATEST))
                .getBalance();
    }

    /** Runtime code as 0x-hex; {@code 0x} when there is none. */
    public String code(String address) {
        return answer(web3.ethGetCode(address, DefaultBlockParameterName.LATEST))
                .getCode();
    }

    /** The receipt of a mined transaction. */
    public Optional<TransactionReceipt> receipt(String hash) {
        return answer(web3.ethGetTransactionReceipt(hash)).getTransactionReceipt();
    }

    /**
     * What a transaction called.
     *
     * @param to the called contract, lowercase; empty for a creation
     * @param input 0x-hex
     */
    public record Sent(String to, String input) {}

    /** A transaction that the endpoint knows. */
    public Optional<Sent> transaction(String hash) {
        return answer(web3.ethGetTransactionByHash(hash))
                .getTransaction()
                .map(found -> new Sent(
                        found.getTo() == null ? "" : found.getTo().toLowerCase(Locale.ROOT), found.getInput()));
    }

    /**
     * The result of a generated wrapper's view.
     *
     * @param what the view and its subject, for messages
     */
    public <T> T read(String what, RemoteFunctionCall<T> view) {
        try {
            T value = view.send();
            if (value == null) {
                throw new ChainException("%s: no answer from %s; is the contract on this chain?".formatted(what, name));
            }
            return value;
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        } catch (ChainException already) {
            throw already;
        } catch (Exception refused) {
            throw new ChainException("%s: %s".formatted(what, refused.getMessage()), refused);
        }
    }

    /** For generated wrappers, which encode calls and read views; they never send. */
    public Web3j web3() {
        return web3;
    }

    /** A wrapper's transaction manager that cannot send: transactions go through the {@link Outbox}. */
    public TransactionManager readOnly() {
        return new ReadonlyTransactionManager(web3, "0x0000000000000000000000000000000000000000");
    }

    /** Runs a transaction without sending it; throws {@link RevertedException} with the decoded reason when it reverts. */
    public void preflight(String from, @Nullable String to, String data, BigInteger valueWei, String purpose) {
        callRaw(from, to, data, valueWei, purpose);
    }

    /** Whether a call without value would succeed now with so much gas. */
    public boolean succeeds(String from, String to, String data, long gasLimit) {
        Transaction call = new Transaction(from, null, null, BigInteger.valueOf(gasLimit), to, BigInteger.ZERO, data);
        try {
            return !web3.ethCall(call, DefaultBlockParameterName.LATEST).send().hasError();
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
    }

    /**
     * What a contract's views return, in as few requests as the endpoint takes well.
     *
     * @param calldata of each view, 0x-hex
     * @return the encoded results, 0x-hex, in the order of {@code calldata}
     */
    public List<String> views(String contract, List<String> calldata) {
        List<String> results = new ArrayList<>(calldata.size());
        for (int from = 0; from < calldata.size(); from += CALLS_PER_REQUEST) {
            BatchRequest batch = web3.newBatch();
            calldata.subList(from, Math.min(calldata.size(), from + CALLS_PER_REQUEST))
                    .forEach(data -> batch.add(web3.ethCall(
                            Transaction.createEthCallTransaction(null, contract, data),
                            DefaultBlockParameterName.LATEST)));
            for (Response<?> answer : answers(batch, "eth_call")) {
                String value = ((EthCall) answer).getValue();
                results.add(value == null ? "0x" : value);
            }
        }
        return results;
    }

    private String callRaw(
            @Nullable String from, @Nullable String to, String data, BigInteger valueWei, String purpose) {
        Transaction call = new Transaction(from, null, null, null, to, valueWei, data);
        try {
            var answer = web3.ethCall(call, DefaultBlockParameterName.LATEST).send();
            if (answer.hasError()) {
                throw refusal(purpose, answer.getError());
            }
            return answer.getValue() == null ? "0x" : answer.getValue();
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
    }

    /** Gas that a transaction would use now. */
    public long estimateGas(String from, @Nullable String to, String data, BigInteger valueWei, String purpose) {
        try {
            var answer = web3.ethEstimateGas(new Transaction(from, null, null, null, to, valueWei, data))
                    .send();
            if (answer.hasError()) {
                throw refusal(purpose, answer.getError());
            }
            return answer.getAmountUsed().longValueExact();
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
    }

    private RuntimeException refusal(String purpose, Response.Error error) {
        String data = error.getData() == null ? null : error.getData().replace("\"", "");
        boolean reverted =
                (data != null && data.startsWith("0x")) || lower(error).contains("revert");
        if (!reverted) {
            return new ChainException(purpose + ": " + name + " refuses: " + error.getMessage());
        }
        return RevertedException.of(purpose, data);
    }

    /** Broadcasts signed bytes. "Already known" counts as accepted; a nonce that has passed does not. */
    public Broadcast broadcast(String signedHex) {
        try {
            var answer = web3.ethSendRawTransaction(signedHex).send();
            if (!answer.hasError()) {
                return new Broadcast.Accepted();
            }
            String message = lower(answer.getError());
            if (message.contains("already known")
                    || message.contains("already imported")
                    || message.contains("known transaction")) {
                return new Broadcast.Accepted();
            }
            if (message.contains("nonce too low") || message.contains("nonce is too low")) {
                return new Broadcast.NonceTooLow();
            }
            if (message.contains("underpriced") || message.contains("less than block base fee")) {
                return new Broadcast.Underpriced(answer.getError().getMessage());
            }
            return new Broadcast.Refused(answer.getError().getMessage());
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
    }

    /**
     * Logs of some contracts in a range of blocks, in chain order.
     *
     * @param topics filter by position; an empty list takes all
     */
    public List<Log> logs(long fromBlock, long toBlock, List<String> contracts, List<String> topics) {
        EthFilter filter = new EthFilter(
                DefaultBlockParameter.valueOf(BigInteger.valueOf(fromBlock)),
                DefaultBlockParameter.valueOf(BigInteger.valueOf(toBlock)),
                contracts);
        topics.forEach(filter::addSingleTopic);
        List<Log> logs = new ArrayList<>();
        for (EthLog.LogResult<?> entry : answer(web3.ethGetLogs(filter)).getLogs()) {
            logs.add((Log) entry.get());
        }
        return logs;
    }

    /** Any other JSON-RPC method, for what only a development chain offers. */
    public String rpc(String method, Object... parameters) {
        RawResponse raw = answer(new Request<>(method, List.of(parameters), service, RawResponse.class));
        return raw.getResult() == null ? "" : raw.getResult().toString();
    }

    /** An answer whose shape is nobody's business. */
    public static final class RawResponse extends Response<Object> {}

    private <T extends Response<?>> T answer(Request<?, T> request) {
        try {
            T answer = request.send();
            if (answer.hasError()) {
                throw new RpcRefusedException(name + " refuses " + request.getMethod() + ": "
                        + answer.getError().getMessage());
            }
            return answer;
        } catch (IOException unreachable) {
            throw unreachable(unreachable);
        }
    }

    private ChainException unreachable(IOException cause) {
        return new ChainException(
                "the chain's JSON-RPC endpoint " + name + " cannot be reached: " + cause.getMessage(), cause);
    }

    private static String lower(Response.Error error) {
        return error.getMessage() == null ? "" : error.getMessage().toLowerCase(Locale.ROOT);
    }

    @Override
    public void close() {
        web3.shutdown();
    }
}
