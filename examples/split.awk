# Splits a CSV file (header line, label in the first column, numbers in the others) for SageMaker's XGBoost:
#   awk -v out=FOLDER [-v seed=NUMBER] -f split.awk FILE
# writes train.csv, validation.csv (every fifth row, held out) and settings (what to train), all without a header.
# With a seed the labels are shuffled: nothing can be learnt from them, and the score must show it.
BEGIN { FS = ","; number = "^ *[-+]?([0-9]+[.]?[0-9]*|[.][0-9]+)([eE][-+]?[0-9]+)? *$" }
{ sub(/\r$/, "") }
/^ *$/ { next }
/"/ { refuse("line " NR " has quotes: write plain values without commas in them") }
NR == 1 { columns = NF; split($0, name); if (NF < 2) refuse("it has one column, but needs a label and at least one number"); next }
NF != columns { refuse("line " NR " has " NF " columns, the header has " columns) }
{
  for (column = 2; column <= NF; column++)
    if ($column !~ number && $column !~ /^ *$/) refuse("line " NR ", column " name[column] ": " $column " is no number")
  rows++
  label[rows] = $1
  rest[rows] = substr($0, length($1) + 1)
  if (!($1 in seen)) { seen[$1] = 1; different++; if (different <= 1000) sorted[different] = $1 }
  if ($1 !~ number) texts = 1
  else if ($1 + 0 != int($1)) fractions = 1
}
END {
  if (refused) exit 1
  if (rows < 10) refuse("it has " rows + 0 " rows, but needs at least 10")
  decide()
  if (seed != "") shuffle()
  for (row = 1; row <= rows; row++)
    print (mapped ? code[label[row]] : label[row]) rest[row] > (out (row % 5 == 0 ? "/validation.csv" : "/train.csv"))
  printf "objective=%s\nmetric=%s\nclasses=%d\nlabel=%s\ntrain=%d\nvalidation=%d\ncodes=%s\n", \
    objective, metric, classes, name[1], rows - int(rows / 5), int(rows / 5), codes > (out "/settings")
}

function decide() {
  if (different < 2) refuse("every row has the same label")
  if (different == 2) { objective = "binary:logistic"; metric = "auc"; encode() }
  else if (different <= 20 && different <= rows / 5 && !fractions) {
    objective = "multi:softprob"; metric = "mlogloss"; classes = different; encode()
  } else if (!texts) { objective = "reg:squarederror"; metric = "rmse" }
  else refuse("its " different " labels are neither numbers nor at most 20 names")
}

# XGBoost wants classes to be 0, 1, 2 and so on.
function encode(    i, j, held) {
  for (i = 2; i <= different; i++) {
    held = sorted[i]
    for (j = i - 1; j >= 1 && sorted[j] > held; j--) sorted[j + 1] = sorted[j]
    sorted[j + 1] = held
  }
  for (i = 1; i <= different; i++) {
    code[sorted[i]] = i - 1
    if (sorted[i] != i - 1 "") { mapped = 1 }
    codes = codes (i > 1 ? ", " : "") sorted[i] " is " i - 1
  }
  if (!mapped) codes = ""
}

function shuffle(    i, j, held) {
  srand(seed)
  for (i = rows; i > 1; i--) { j = 1 + int(rand() * i); held = label[i]; label[i] = label[j]; label[j] = held }
}

function refuse(why) {
  if (!refused) print "Cannot use " FILENAME ": " why "." > "/dev/stderr"
  refused = 1
  exit 1
}
