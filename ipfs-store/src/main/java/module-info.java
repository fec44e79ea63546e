/** Content-addressed storage: identifiers, UnixFS, block stores, pins and the trustless gateway. */
module io.bitdelta.ipfs {
    requires transitive java.net.http;
    requires transitive io.vertx.core;
    requires transitive io.vertx.web;
    requires org.slf4j;
    requires static transitive org.jspecify;

    exports io.bitdelta.ipfs;
    exports io.bitdelta.ipfs.block;
    exports io.bitdelta.ipfs.car;
    exports io.bitdelta.ipfs.cid;
    exports io.bitdelta.ipfs.dagcbor;
    exports io.bitdelta.ipfs.gateway;
    exports io.bitdelta.ipfs.pin;
    exports io.bitdelta.ipfs.unixfs;
}
