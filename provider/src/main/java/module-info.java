/** A selector provider: NIO code that knows nothing of the engine has its channels under it. */
module io.jsockmap.provider {
    requires transitive io.jsockmap.sockmap;

    uses io.jsockmap.provider.AdmissionSource;

    exports io.jsockmap.provider;
}
