package io.bitdelta.node.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.ServerSSLOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.FileTime;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Certificate and key of a listening server, put in place again when the files change: renewals need no restart. */
final class TlsFiles {
    private static final Logger log = LoggerFactory.getLogger(TlsFiles.class);

    private final ServerSettings.Tls files;
    private final HttpServer server;
    private @Nullable FileTime seen;

    TlsFiles(ServerSettings.Tls files, HttpServer server) {
        this.files = files;
        this.server = server;
        this.seen = changed();
    }

    static PemKeyCertOptions options(ServerSettings.Tls files) {
        return new PemKeyCertOptions()
                .setCertPath(files.certificates().toString())
                .setKeyPath(files.key().toString());
    }

    /** Looks for changes on the calling event loop: two file times now and then. */
    void watch(Vertx vertx) {
        vertx.setPeriodic(files.look().toMillis(), now -> look());
    }

    void look() {
        FileTime latest = changed();
        if (latest == null || latest.equals(seen)) {
            return;
        }
        seen = latest;
        try {
            TlsMaterial.check(files);
        } catch (ServerFailedException unusable) {
            log.error("the old certificate stays: {}", unusable.getMessage());
            return;
        }
        // Forced: the options name the same files as before, and are not read again without it.
        server.updateSSLOptions(new ServerSSLOptions().setKeyCertOptions(options(files)), true)
                .onSuccess(done -> log.info("TLS certificate read again from {}", files.certificates()))
                .onFailure(bad -> log.error(
                        "TLS: {} is not usable, the old certificate stays: {}",
                        files.certificates(),
                        bad.getMessage()));
    }

    private @Nullable FileTime changed() {
        try {
            FileTime certificate = Files.getLastModifiedTime(files.certificates());
            FileTime key = Files.getLastModifiedTime(files.key());
            return certificate.compareTo(key) > 0 ? certificate : key;
        } catch (IOException beingReplaced) {
            return null;
        }
    }
}
