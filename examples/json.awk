# Flattens JSON to one line per value: path, tab, value. {"a": {"b": [1, "x"]}} gives a.b.0 1 and a.b.1 x.
{ text = text $0 " " }
END { at = 1; value("") }

function value(path,    first) {
  first = next_mark()
  if (first == "{") object(path)
  else if (first == "[") array(path)
  else if (first == "\"") print path "\t" string()
  else print path "\t" scalar()
}

function object(path,    name, mark) {
  at++
  if (next_mark() == "}") { at++; return }
  do {
    next_mark(); name = string()
    next_mark(); at++
    value(path == "" ? name : path "." name)
    mark = next_mark(); at++
  } while (mark == ",")
}

function array(path,    index_, mark) {
  at++
  if (next_mark() == "]") { at++; return }
  index_ = 0
  do {
    value(path == "" ? index_ : path "." index_)
    index_++
    mark = next_mark(); at++
  } while (mark == ",")
}

function string(    out, c) {
  out = ""
  for (at++; (c = substr(text, at, 1)) != "\"" && at <= length(text); at++) {
    if (c == "\\") { at++; c = substr(text, at, 1); if (c ~ /[nrt]/) c = " "; if (c == "u") c = "\\u" }
    out = out c
  }
  at++
  return out
}

function scalar(    rest) {
  rest = substr(text, at)
  if (!match(rest, /^[^],} \t\r\n]+/)) { print "not JSON" > "/dev/stderr"; exit 1 }
  at += RLENGTH
  return substr(rest, 1, RLENGTH)
}

function next_mark() {
  while (substr(text, at, 1) ~ /[ \t\r\n]/) at++
  return substr(text, at, 1)
}
