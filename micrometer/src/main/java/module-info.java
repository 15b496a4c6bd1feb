/** What policies do, as meters of Micrometer. */
module io.jsockmap.micrometer {
    requires transitive io.jsockmap.policy;
    requires transitive micrometer.core;

    exports io.jsockmap.micrometer;
}
