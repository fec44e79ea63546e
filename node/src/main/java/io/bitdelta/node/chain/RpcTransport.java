package io.bitdelta.node.chain;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.Duration;
import okhttp3.OkHttpClient;
import org.web3j.protocol.exceptions.ClientConnectionException;
import org.web3j.protocol.http.HttpService;

/** JSON-RPC over HTTP to one address. Whatever keeps an answer away is an {@link IOException}. */
public final class RpcTransport extends HttpService {
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
                        .build());
        this.name = nameOf(url);
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
        try {
            InputStream body = super.performIO(payload);
            if (body == null) {
                throw new IOException("an answer without a body");
            }
            return body;
        } catch (ClientConnectionException status) {
            String text = String.valueOf(status.getMessage());
            throw new IOException(text.length() > 200 ? text.substring(0, 200) + "…" : text, status);
        }
    }
}
