package acl

import (
	"math/bits"
	"strings"

	"github.com/renkei-vpe/renkei/pkg/one"
)

// Sets of kinds that certain selectors cannot be combined with (AclRule.cc).
const (
	notInClusters = one.KindVM | one.KindImage | one.KindUser | one.KindTemplate | one.KindGroup | one.KindACL |
		one.KindCluster | one.KindDocument | one.KindZone | one.KindSecGroup | one.KindVDC | one.KindVRouter |
		one.KindMarketPlace | one.KindMarketPlaceApp | one.KindVMGroup | one.KindVNTemplate
	notInGroups = one.KindHost | one.KindGroup | one.KindCluster | one.KindZone | one.KindVDC
	// federated kinds have the same IDs in all zones.
	federated = one.KindUser | one.KindGroup | one.KindZone | one.KindACL | one.KindVDC
)

const (
	selectors    = Individual | GroupOf | All | ClusterOf
	kindMask     = 0xfffffff000000000
	unknownKinds = 0xfe80000000000000
	negativeID   = 0x80000000
)

// zoneOfGroup is the only message that is not separated from others by a semicolon.
const zoneOfGroup = "[zone] GROUP (@) bit is not supported"

// malformed is oned's error text for an invalid rule, or "".
func (r *Rule) malformed() string {
	var wrong problems
	r.checkUser(&wrong)
	r.checkResource(&wrong)
	wrong.add(r.Rights == 0, "wrong [rights], it cannot be 0")
	wrong.add(int64(r.Rights) > allRights, "wrong [rights], it cannot be bigger than 0xF")
	r.checkZone(&wrong)
	return strings.ReplaceAll(strings.Join(wrong, "; "), "; "+zoneOfGroup, zoneOfGroup)
}

type problems []string

func (p *problems) add(is bool, text string) {
	if is {
		*p = append(*p, text)
	}
}

func has(part, selector uint64) bool { return part&selector != 0 }

func (r *Rule) checkUser(wrong *problems) {
	u := r.User
	wrong.add(has(u, Individual) && has(u, GroupOf), "[user] INDIVIDUAL (#) and GROUP (@) bits are exclusive")
	wrong.add(has(u, Individual) && has(u, All), "[user] INDIVIDUAL (#) and ALL (*) bits are exclusive")
	wrong.add(has(u, GroupOf) && has(u, All), "[user] GROUP (@) and ALL (*) bits are exclusive")
	wrong.add(!has(u, Individual|GroupOf|All), "[user] is missing one of the INDIVIDUAL, GROUP or ALL bits")
	wrong.add(has(u, negativeID), "[user] ID cannot be negative")
	wrong.add(has(u, All) && has(u, idMask), "when using the ALL bit, [user] ID must be 0")
}

func (r *Rule) checkResource(wrong *problems) {
	s, kind := r.Resource, one.Kind(r.Resource&kindMask)
	wrong.add(bits.OnesCount64(s&selectors) > 1, "[resource] INDIVIDUAL (#), GROUP (@), CLUSTER (%) and ALL (*) bits are exclusive")
	wrong.add(has(s, ClusterOf) && kind&notInClusters != 0, "[resource] CLUSTER(%) selector can be applied only to DATASTORE, HOST and NET types")
	wrong.add(has(s, GroupOf) && kind&notInGroups != 0, "[resource] GROUP(@) selector cannot be applied to HOST, GROUP, CLUSTER, ZONE or VDC types")
	wrong.add(!has(s, selectors), "[resource] is missing one of the INDIVIDUAL, GROUP, CLUSTER or ALL bits")
	wrong.add(has(s, negativeID), "[resource] ID cannot be negative")
	wrong.add(has(s, All) && has(s, idMask), "when using the ALL bit, [resource] ID must be 0")
	wrong.add(kind == 0, "[resource] type is missing")
	wrong.add(has(s, unknownKinds), "wrong [resource] type")
}

func (r *Rule) checkZone(wrong *problems) {
	z, kind := r.Zone, one.Kind(r.Resource&kindMask)
	wrong.add(has(z, GroupOf), zoneOfGroup)
	wrong.add(has(z, Individual) && has(z, All), "[zone] INDIVIDUAL (#) and ALL (*) bits are exclusive")
	wrong.add(!has(z, Individual|GroupOf|All), "[zone] is missing one of the INDIVIDUAL or ALL bits")
	wrong.add(has(z, negativeID), "[zone] ID cannot be negative")
	wrong.add(has(z, All) && has(z, idMask), "when using the ALL bit, [zone] ID must be 0")
	wrong.add(has(z, All) && has(r.Resource, Individual) && kind&federated != kind,
		"[resource] INDIVIDUAL(#) selector cannot be applied to ALL zones, except for USER, GROUP and ZONE types")
}
