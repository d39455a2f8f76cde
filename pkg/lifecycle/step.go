package lifecycle

// Step is the effect of an event on a VM: the three are committed together.
type Step struct {
	To    Status
	Do    Effect
	Marks Marks
}

// row has the step for each event in one status.
type row map[Event]Step

// table has the steps of all statuses. Pairs that are absent are refused.
type table map[Status]row

// steps is the whole table. It is never changed after it is assembled.
var steps = assemble(
	waitingSteps, bootSteps, runningSteps, offSteps,
	moveSteps, endSteps, epilogSteps, changeSteps,
)

// Next looks up a step. A pair that is not in the table is refused with *Refused.
func Next(from Status, ev Event) (Step, error) {
	if step, ok := steps[from][ev]; ok {
		return step, nil
	}
	return Step{To: from, Do: DoKeep}, &Refused{From: from, Event: ev}
}

// Can tells whether Next would accept the event, for callers that list possible actions.
func Can(from Status, ev Event) bool {
	_, ok := steps[from][ev]
	return ok
}

// assemble adds the lines that many statuses share to the blocks. They never replace a line of
// a block.
func assemble(blocks ...table) table {
	all := table{}
	for _, block := range blocks {
		all.add(block)
	}
	all.add(changeOutcomes())
	all.addConfiguration()
	all.addRecover()
	all.addFailures()
	all.addTerminateOnDeploy()
	all.settle()
	return all
}

// add copies the block, so that later additions do not change it.
func (t table) add(block table) {
	for from, events := range block {
		for ev, step := range events {
			t.fill(from, ev, step)
		}
	}
}

// fill adds a line unless there is one.
func (t table) fill(from Status, ev Event, step Step) {
	if t[from] == nil {
		t[from] = row{}
	}
	if _, ok := t[from][ev]; !ok {
		t[from][ev] = step
	}
}
