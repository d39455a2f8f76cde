package lifecycle

// Step is what an event does to a VM: the three are committed together.
type Step struct {
	To    Status
	Do    Effect
	Marks Marks
}

// row is what each event does to a VM of one status.
type row map[Event]Step

// table is the life of a VM. A pair that is absent is refused.
type table map[Status]row

// steps is the whole table. It is made once and never changed.
var steps = assemble(
	waitingSteps, bootSteps, runningSteps, offSteps,
	moveSteps, endSteps, epilogSteps, changeSteps,
)

// Next reads the table. A pair that is not in it is refused with *Refused.
func Next(from Status, ev Event) (Step, error) {
	if step, ok := steps[from][ev]; ok {
		return step, nil
	}
	return Step{To: from, Do: DoKeep}, &Refused{From: from, Event: ev}
}

// Can says that Next would not refuse, for those who only list what is possible.
func Can(from Status, ev Event) bool {
	_, ok := steps[from][ev]
	return ok
}

// assemble lays the lines that many statuses share over the blocks. None of
// them replaces a line that a block spells out.
func assemble(blocks ...table) table {
	all := table{}
	for _, block := range blocks {
		all.add(block)
	}
	all.add(changeOutcomes())
	all.addConfiguration()
	all.addRecover()
	all.addFailures()
	all.addSecondThoughts()
	all.settle()
	return all
}

// add copies the block, so that what is laid over it later leaves it alone.
func (t table) add(block table) {
	for from, events := range block {
		for ev, step := range events {
			t.fill(from, ev, step)
		}
	}
}

// fill sets a line unless it is there.
func (t table) fill(from Status, ev Event, step Step) {
	if t[from] == nil {
		t[from] = row{}
	}
	if _, ok := t[from][ev]; !ok {
		t[from][ev] = step
	}
}
