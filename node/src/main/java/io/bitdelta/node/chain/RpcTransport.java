package io.bitdelta.node.chain;

import io.bitdelta.node.trace.TraceStep;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.web3j.protocol.exceptions.ClientConnectionException;
import org.web3j.protocol.http.HttpService;

/** JSON-RPC over HTTP to one address. Whatever keeps an answer away is an {@link IOException}. */
public final class RpcTransport extends HttpService {
    private static final Pattern METHOD = Pattern.compile("\"method\"\\s*:\\s*\"([A-Za-z0-9_]{1,60})\"");

    private final String name;

    /**
     * @param url HTTP address
     * @param timeout for connecting, and for each read and write
     */
    public RpcTransport(String url, Duration timeout) {
        super(
                url,
                new OkHttpClient.Builder()
                        .connectTimeout(timeout)
                        .readTimeout(timeout)
                        .writeTimeout(timeout)
                        .addInterceptor(RpcTransport::traced)
                        .build());
        this.name = nameOf(url);
    }

    /** The endpoint may continue the trace. */
    private static Response traced(Interceptor.Chain chain) throws IOException {
        Optional<String> traceparent = TraceStep.traceparent();
        return chain.proceed(
                traceparent.isEmpty()
                        ? chain.request()
                        : chain.request()
                                .newBuilder()
                                .header("traceparent", traceparent.get())
                                .build());
    }

    /** The address without path and query: they often hold the key of an account. */
    static String nameOf(String url) {
        URI uri = URI.create(url);
        String path = uri.getRawPath() == null || uri.getRawPath().length() <= 1 ? "" : "/…";
        return uri.getScheme() + "://" + uri.getHost() + (uri.getPort() < 0 ? "" : ":" + uri.getPort()) + path;
    }

    /** What messages call this address; holds no secret. */
    public String name() {
        return name;
    }

    /**
     * Sends a request and gives the answer's body.
     *
     * @throws IOException also for a status that is not 2xx
     */
    public InputStream exchange(String payload) throws IOException {
        return performIO(payload);
    }

    @Override
    protected InputStream performIO(String payload) throws IOException {
        try (TraceStep step = TraceStep.traced()
                ? TraceStep.call("rpc " + method(payload)).with("server.address", name)
                : TraceStep.call("rpc")) {
            try {
                InputStream body = super.performIO(payload);
                if (body == null) {
                    throw new IOException("an answer without a body");
                }
                return body;
            } catch (ClientConnectionException status) {
                step.failed(status);
                String text = String.valueOf(status.getMessage());
                throw new IOException(text.length() > 200 ? text.substring(0, 200) + "…" : text, status);
            } catch (IOException away) {
                step.failed(away);
                throw away;
            }
        }
    }

    /** What a payload calls; of a batch, its first call. */
    private static String method(String payload) {
        Matcher found = METHOD.matcher(payload);
        return found.find() ? found.group(1) : "call";
    }
}
