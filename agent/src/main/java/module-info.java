/** Puts the sockets of a whole JVM under a policy; on the class path, in a jar of its own. */
module io.jsockmap.agent {
    requires io.jsockmap.policy;
    requires io.jsockmap.provider;
    requires java.instrument;
    requires java.management;

    exports io.jsockmap.agent;
}
