/** Content-addressed storage: identifiers, UnixFS, block stores, pins and the trustless gateway. */
@SuppressWarnings("requires-transitive-automatic") // neither library has a module descriptor
module io.bitdelta.ipfs {
    requires transitive java.net.http;
    requires transitive io.vertx.core;
    requires transitive io.vertx.web;
    requires transitive io.vertx.redis.client;
    requires transitive micrometer.core;
    requires transitive software.amazon.awssdk.services.s3;
    requires software.amazon.awssdk.auth;
    requires software.amazon.awssdk.core;
    requires software.amazon.awssdk.regions;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.bitdelta.ipfs;
    exports io.bitdelta.ipfs.bench;
    exports io.bitdelta.ipfs.block;
    exports io.bitdelta.ipfs.car;
    exports io.bitdelta.ipfs.cid;
    exports io.bitdelta.ipfs.dagcbor;
    exports io.bitdelta.ipfs.gateway;
    exports io.bitdelta.ipfs.kubo;
    exports io.bitdelta.ipfs.pin;
    exports io.bitdelta.ipfs.tier;
    exports io.bitdelta.ipfs.unixfs;
}
