package migrate_test

import ()
