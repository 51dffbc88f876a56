#!/bin/sh
# The AWS CLI creates, waits, lists, invokes, syncs, deletes. Prints its own transcript and ends
# with the first step that fails. Needs the exports that `java -jar bursar.jar engine` prints, and examples/breast-cancer.csv.
#
#     proofs/run engine_cli                                     starts an engine and walks
#     eval "$(exports of the engine)" && sh proofs/engine/engine_cli.sh [--control]     control: a wrong secret key; must fail
set -eu
command -v aws > /dev/null || { echo "MISSING: the AWS CLI (pip install awscli)"; exit 77; }
: "${AWS_ENDPOINT_URL:?start the engine and paste its exports first}"
csv=$(cd "$(dirname "$0")/../.." && pwd)/examples/breast-cancer.csv
[ "${1:-}" = --control ] && export AWS_SECRET_ACCESS_KEY=wrong
export AWS_PAGER=
role=arn:aws:iam::123456789012:role/anybody
image=683313688378.dkr.ecr.us-east-1.amazonaws.com/sagemaker-xgboost:1.7-1
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
mkdir data
sed 1d "$csv" > data/train.csv
sed -n 2,6p "$csv" | cut -d, -f2- > rows.csv
run() {
  printf '$'
  for word in "$@"; do case $word in *[\ \[\{]*) printf " '%s'" "$word";; *) printf ' %s' "$word";; esac; done
  echo
  "$@"
}
run aws s3 mb s3://cli
run aws s3 sync data s3://cli/data --no-progress
run aws s3 ls s3://cli/data/
run aws sagemaker create-training-job --training-job-name cli --role-arn $role \
  --algorithm-specification TrainingImage=$image,TrainingInputMode=File \
  --hyper-parameters num_round=20,objective=binary:logistic,eval_metric=auc \
  --input-data-config '[{"ChannelName":"train","ContentType":"text/csv","DataSource":{"S3DataSource":{"S3DataType":"S3Prefix","S3Uri":"s3://cli/data/"}}}]' \
  --output-data-config S3OutputPath=s3://cli/out --resource-config InstanceType=ml.m5.large,InstanceCount=1,VolumeSizeInGB=5 \
  --stopping-condition MaxRuntimeInSeconds=600 --output text
run aws sagemaker wait training-job-completed-or-stopped --training-job-name cli
run aws sagemaker list-training-jobs --status-equals Completed --query 'TrainingJobSummaries[].[TrainingJobName,TrainingJobStatus]' --output text
run aws s3 cp s3://cli/out/cli/output/model.tar.gz . --no-progress
run aws sagemaker create-model --model-name cli --execution-role-arn $role \
  --primary-container Image=$image,ModelDataUrl=s3://cli/out/cli/output/model.tar.gz --output text
run aws sagemaker create-endpoint-config --endpoint-config-name cli \
  --production-variants VariantName=one,ModelName=cli,InstanceType=ml.m5.large,InitialInstanceCount=1 --output text
run aws sagemaker create-endpoint --endpoint-name cli --endpoint-config-name cli --output text
run aws sagemaker wait endpoint-in-service --endpoint-name cli
run aws sagemaker-runtime invoke-endpoint --endpoint-name cli --content-type text/csv --body fileb://rows.csv answer.csv --output text
run cat answer.csv
echo
run aws sagemaker create-processing-job --processing-job-name cli --role-arn $role \
  --app-specification '{"ImageUri":"any","ContainerEntrypoint":["sh","-c","wc -l < /opt/ml/processing/in/train.csv > /opt/ml/processing/out/rows"]}' \
  --processing-inputs '[{"InputName":"in","S3Input":{"S3Uri":"s3://cli/data/","LocalPath":"/opt/ml/processing/in","S3DataType":"S3Prefix","S3InputMode":"File"}}]' \
  --processing-output-config '{"Outputs":[{"OutputName":"out","S3Output":{"S3Uri":"s3://cli/processed","LocalPath":"/opt/ml/processing/out","S3UploadMode":"EndOfJob"}}]}' \
  --processing-resources 'ClusterConfig={InstanceType=ml.m5.large,InstanceCount=1,VolumeSizeInGB=5}' --output text
run aws sagemaker wait processing-job-completed-or-stopped --processing-job-name cli
run aws s3 sync s3://cli/processed processed --no-progress
run cat processed/rows
run aws sagemaker delete-endpoint --endpoint-name cli
run aws sagemaker wait endpoint-deleted --endpoint-name cli
run aws sagemaker delete-endpoint-config --endpoint-config-name cli
run aws sagemaker delete-model --model-name cli
run aws sagemaker delete-training-job --training-job-name cli
run aws s3 rm s3://cli --recursive --quiet
run aws s3 rb s3://cli
echo GREEN
