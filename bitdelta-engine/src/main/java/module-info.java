/** Tensors, the BitDelta codec, kernels, commitments and soups; no network, chain, database or HTTP. */
module io.bitdelta.engine {
    requires static transitive org.jspecify;
    requires ai.djl.api;
    requires ai.djl.tokenizers;
    requires jdk.incubator.vector;
    requires org.slf4j;
    requires tools.jackson.core;
    requires tools.jackson.databind;

    exports io.bitdelta.engine;
    exports io.bitdelta.engine.bench;
    exports io.bitdelta.engine.calibrate;
    exports io.bitdelta.engine.codec;
    exports io.bitdelta.engine.commit;
    exports io.bitdelta.engine.foreign;
    exports io.bitdelta.engine.kernel;
    exports io.bitdelta.engine.model;
    exports io.bitdelta.engine.privacy;
    exports io.bitdelta.engine.safety;
    exports io.bitdelta.engine.serve;
    exports io.bitdelta.engine.soup;
    exports io.bitdelta.engine.tensor;
    exports io.bitdelta.engine.train;
    exports io.bitdelta.engine.work;
}
