package migrate

import (
	"errors"

	"github.com/renkei-vpe/renkei/pkg/sqlite"
)

// Read plans the import of a database, which is identified by its tables. core is the database
// of OpenNebula 2.2 that belongs to RENKEI-VPE's; nil if there is none.
func Read(db, core *sqlite.DB, o Options) (*Plan, error) {
	switch {
	case isRVPE(db) && core == nil:
		return nil, errors.New("RENKEI-VPE's database stands on OpenNebula's: give that, too, with --one")
	case isRVPE(db):
		return RVPE(db, core, o)
	case core != nil && isRVPE(core):
		return nil, errors.New("the databases are the wrong way round: --one is OpenNebula's, which RENKEI-VPE's stands on")
	case core != nil:
		return nil, errors.New("--one is for RENKEI-VPE's database, and this is none")
	case isOne22(db):
		return One22(db, o)
	case isOne7(db):
		return One7(db, o)
	}
	return nil, errors.New("this is no database of OpenNebula or RENKEI-VPE: it has no table of users that they have")
}
