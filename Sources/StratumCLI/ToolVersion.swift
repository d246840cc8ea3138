import Stratum

/// What `stratum --version` prints.
let toolVersion = Engine.version
