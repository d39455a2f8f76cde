package server

import (
	"io"
	"log"
	"strings"
	"time"

	"github.com/rs/zerolog"

	"github.com/renkei-vpe/renkei/pkg/config"
	"github.com/renkei-vpe/renkei/xmlrpc"
)

// Logger makes the log: for people on a terminal, as JSON otherwise.
func Logger(c config.Log, out io.Writer, terminal bool) zerolog.Logger {
	if c.Format == "console" || c.Format == "auto" && terminal {
		out = zerolog.ConsoleWriter{Out: out, NoColor: !terminal, TimeFormat: time.TimeOnly}
	}
	level, err := zerolog.ParseLevel(c.Level)
	if err != nil {
		level = zerolog.InfoLevel
	}
	return zerolog.New(out).Level(level).With().Timestamp().Logger()
}

// logConnections logs what net/http reports about connections, such as failed handshakes.
func logConnections(l zerolog.Logger) *log.Logger { return log.New(connectionLog{l}, "", 0) }

type connectionLog struct{ zerolog.Logger }

// Write implements io.Writer: each line is logged as an event.
func (l connectionLog) Write(line []byte) (int, error) {
	l.Warn().Msg(strings.TrimSpace(string(line)))
	return len(line), nil
}

// logCalls logs one line for every call.
func logCalls(log zerolog.Logger) func(xmlrpc.Record) {
	return func(r xmlrpc.Record) {
		line := log.Info()
		if r.Err != nil {
			line = log.Warn().Err(r.Err)
		}
		if r.Call != nil {
			line = line.Uint64("req", r.Call.ID).Str("method", r.Call.Method).
				Str("user", r.Call.User).Str("remote", r.Call.Remote).Str("result", r.Call.Result)
		}
		line.Int("status", r.Status).Float64("ms", float64(r.Elapsed.Microseconds())/1000).
			Int64("bytes", int64(r.ResponseBytes)).Msg("call")
	}
}
