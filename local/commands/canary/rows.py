"""The rows of docs/first-deployment.md: what to check on a first account, in order."""

from __future__ import annotations

from local.commands.canary.checks import Check, CheckGroup

_JOBS = ("Prepare", "TrainKMeans", "TrainForecasts", "TrainChurn", "Score")
_LOADS = ("Activate", "StartLoad", "PollLoad", "EnsureSegments")
_DENIED = r"AccessDenied|not authorized|is not allowed|KMSAccessDenied|Forbidden"

PARTS = (
    CheckGroup(
        title="Before the first deployment",
        checks=(
            Check(
                id="A1",
                title="The shell has the account and region that the stage names",
                command="aws sts get-caller-identity && aws configure get region",
                mend="`make configure STAGE=dev` sets the region. Log in to the right account.",
            ),
            Check(
                id="A2",
                title="The account may run the three SageMaker instances; a new one may have a "
                "quota of 0",
                command="aws service-quotas list-service-quotas --service-code sagemaker --query "
                "\"Quotas[?contains(QuotaName,'ml.m5')&&contains(QuotaName,'job usage')]."
                '[QuotaName,Value]" --output table',
                mend="Request 1 for processing jobs of `ml.m5.xlarge` and `ml.m5.large`, and 3 for "
                "training jobs of `ml.m5.large`, which run side by side. With fewer they wait for "
                "each other. Or set other instances in the group `jobs`.",
                states=_JOBS,
                pattern=r"ResourceLimitExceeded|account-level service limit|service quota",
            ),
            Check(
                id="A3",
                title="Functions have concurrency to run in",
                command="aws lambda get-account-settings --query AccountLimit",
                mend="Request at least 50 concurrent executions.",
                states=("CheckUpload", "AwaitApproval", *_LOADS, "FinishRun"),
                pattern=r"TooManyRequests|ConcurrentInvocationLimit|Rate exceeded",
            ),
            Check(
                id="A4",
                title="The CDK is bootstrapped in this account and region",
                command="aws cloudformation describe-stacks --stack-name CDKToolkit",
                mend="`make bootstrap STAGE=dev`, once for an account and region.",
            ),
            Check(
                id="A5",
                title="What would change is what you expect",
                command="make diff STAGE=dev",
                mend="Correct `cdk.json`, with `make configure STAGE=dev` or by hand.",
            ),
        ),
    ),
    CheckGroup(
        title="After the deployment",
        checks=(
            Check(
                id="B1",
                title="The stacks are complete, and nothing was changed by hand",
                command="make drift STAGE=dev",
                mend="Open the stack's events in the CloudFormation console: the first failed "
                "resource names the reason. Deploy again.",
            ),
            Check(
                id="B2",
                title="The alarm address has confirmed its subscription",
                command="aws sns list-subscriptions-by-topic --topic-arn <TopicArn>",
                mend="Open the mail from AWS Notifications and confirm.",
            ),
            Check(
                id="B3",
                title="Each destination has its secret",
                command="aws secretsmanager list-secrets --query 'SecretList[].Name'",
                mend="Store it as docs/destinations.md says for that destination.",
                states=_LOADS,
                pattern=r"ecret",
            ),
            Check(
                id="B4",
                title="A tiny upload passes through every state",
                command="make canary STAGE=dev",
                mend="The canary names the state, the reason and the row below that applies.",
            ),
        ),
    ),
    CheckGroup(
        title="What the canary checks, in the order of the run",
        checks=(
            Check(
                id="C1",
                title="An upload starts an execution: S3 sends to EventBridge, the rule may start "
                "the machine",
                command="aws events list-rules --query \"Rules[?contains(Name,'Tessera')]\"; aws "
                "sqs receive-message --queue-url <the dead-letter queue>",
                mend="A message in the dead-letter queue carries the reason. An empty queue means "
                "that the rule did not match: check the bucket's EventBridge notification.",
                states=("",),
            ),
            Check(
                id="C2",
                title="CheckUpload may read the upload and write to the runs table under the data "
                "key",
                command="aws logs tail <the CheckUpload function's log group> --since 1h",
                mend="Add the denied action to the function's role in `infra`, and report it.",
                states=("CheckUpload",),
            ),
            Check(
                id="C3",
                title="SageMaker may use the data key for the volumes of its jobs "
                "(`kms:CreateGrant` with its condition)",
                command="aws sagemaker list-processing-jobs --max-results 5; aws sagemaker "
                "describe-processing-job --processing-job-name <name>",
                mend="Compare the denied action in `FailureReason` with the job's role.",
                states=_JOBS,
                pattern=r"(?i)kms|CreateGrant",
            ),
            Check(
                id="C4",
                title="SageMaker may pull the scikit-learn image of the region",
                command="aws sagemaker describe-processing-job --processing-job-name <name> "
                "--query '[AppSpecification.ImageUri,FailureReason]'",
                mend="Compare the image's account with AWS' list for the region, and report a "
                "difference.",
                states=_JOBS,
                pattern=r"(?i)image|\becr\b|CannotPull",
            ),
            Check(
                id="C5",
                title="Prepare reaches S3, Secrets Manager and KMS from its network",
                command="aws logs tail /aws/sagemaker/ProcessingJobs --since 1h",
                mend="With your own subnets (the group `network`), add endpoints for these "
                "services, or a route to the internet.",
                states=("Prepare", "PrepareOnSpark", "MapSchema"),
                pattern=r"(?i)connect timeout|could not connect|timed out|EndpointConnection",
            ),
            Check(
                id="C6",
                title="The jobs' roles may do what the jobs do",
                command="aws cloudtrail lookup-events --lookup-attributes "
                "AttributeKey=EventName,AttributeValue=CreateProcessingJob --max-results 5",
                mend="Compare the denied action with the role, and report it.",
                states=_JOBS,
            ),
            Check(
                id="C7",
                title="Glue may encrypt its logs and job bookmarks (its security configuration)",
                command="aws glue get-job-runs --job-name <name> --max-results 1",
                mend="The key's policy must let `logs.<region>.amazonaws.com` in.",
                states=("MapSchema", "PrepareOnSpark"),
                pattern=r"(?i)kms|security ?configuration|/aws-glue|logs:",
            ),
            Check(
                id="C8",
                title="Glue has workers left",
                command="aws service-quotas list-service-quotas --service-code glue --output table",
                mend="Request more DPUs or job runs, or set `jobs.glue_workers` to 2.",
                states=("MapSchema", "PrepareOnSpark"),
                pattern=r"ConcurrentRunsExceeded|ResourceNumberLimitExceeded|quota",
            ),
            Check(
                id="C9",
                title="The Glue job may read profiles and identities, and write files",
                command="aws logs describe-log-groups --log-group-name-prefix "
                "/aws-glue/jobs/tessera-",
                mend="Compare the denied action with the job's role, and report it.",
                states=("MapSchema", "PrepareOnSpark"),
            ),
            Check(
                id="C10",
                title="Customer Profiles takes batches: `profile:BatchPutProfileObject` is an "
                "action that the role has",
                command="aws logs tail <the StartLoad and PollLoad functions' log groups> --since "
                "1h",
                mend="Set `customer_profiles.loader` to `upload`, and report it.",
                states=_LOADS,
                pattern=rf"BatchPutProfileObject|profile:.*({_DENIED})|({_DENIED}).*profile:",
            ),
            Check(
                id="C11",
                title="The profiles domain takes all segment definitions",
                command="aws customer-profiles list-segment-definitions --domain-name <domain>",
                mend="Request a higher quota, or set fewer `segment_sets`.",
                states=("EnsureSegments", *_LOADS),
                pattern=r"LimitExceeded|quota|ServiceQuota",
            ),
            Check(
                id="C12",
                title="The profiles domain exists, with the object type in it",
                command="aws customer-profiles list-domains",
                mend="Deploy the data stack again, or set `customer_profiles.domain`.",
                states=_LOADS,
                pattern=r"(?i)ResourceNotFound|domain",
            ),
            Check(
                id="C13",
                title="The functions that load may call their destination",
                command="aws logs tail <that function's log group> --since 1h",
                mend="`report.json` beside the run's files for that destination has the reason.",
                states=_LOADS,
            ),
            Check(
                id="C14",
                title="FinishRun may add partitions to the catalog",
                command="aws glue get-database --name tessera_dev",
                mend="Where Lake Formation governs the account, grant the function's role ALTER "
                "and INSERT on the database's tables.",
                states=("FinishRun",),
                pattern=r"(?i)lake ?formation|glue:|CreatePartition",
            ),
            Check(
                id="C15",
                title="FinishRun and FailRun may publish to the topic under the data key",
                command="aws sns get-topic-attributes --topic-arn <TopicArn>",
                mend="Compare the denied action with the topic's and the key's policy.",
                states=("FinishRun", "FailRun"),
            ),
            Check(
                id="C16",
                title="EventBridge starts the machine by its alias `live`",
                command="aws events list-targets-by-rule --rule <the rule of uploads>",
                mend="The target's ARN ends in `:live`. If uploads start nothing and the alarm "
                "UploadMissed fires, read the messages of the rule's dead-letter queue.",
            ),
            Check(
                id="C17",
                title="A run's files carry the tag by which they expire",
                command="aws s3api get-object-tagging --bucket <data bucket> "
                "--key tenants/canary/runs/<run>/ticket.json",
                mend="The roles of CheckUpload, the jobs, PollLoad and FinishRun need "
                "`s3:PutObjectTagging`. A control policy of the organisation may deny it.",
            ),
            Check(
                id="C18",
                title="Glue writes to the log groups of the stack, and to no others",
                command="aws logs describe-log-groups "
                "--log-group-name-prefix /aws-glue/jobs/tessera",
                mend="Each group has a retention. A group without one was made by Glue itself: "
                "compare its name with the stack's.",
            ),
            Check(
                id="C19",
                title="Old log streams of SageMaker's jobs go",
                command="aws logs describe-log-streams --log-group-name "
                "/aws/sagemaker/ProcessingJobs --log-stream-name-prefix tessera-",
                mend="The function ExpireLogs deletes them. If the alarm FunctionFailed fires for "
                "it, read its log group.",
            ),
            Check(
                id="C20",
                title="With `network`: Glue's connection finds its subnet",
                command="aws glue get-connections",
                mend="If MapSchema names an availability zone, check the subnet in the group "
                "`network`.",
                states=("MapSchema",),
                pattern=r"(?i)availability zone|subnet",
            ),
            Check(
                id="C21",
                title="With `permissions_boundary`: the boundary allows what the roles do",
                command="aws iam get-policy-version --policy-arn <boundary> --version-id <version>",
                mend="It must allow iam:PassRole and the calls to KMS, S3, DynamoDB, Step "
                "Functions, SageMaker and Glue, with the console also sts:AssumeRole and "
                "sts:TagSession. Otherwise the first call of a function is denied.",
            ),
        ),
    ),
    CheckGroup(
        title="Before production",
        checks=(
            Check(
                id="D1",
                title="An alarm arrives as a mail",
                command="aws cloudwatch set-alarm-state --alarm-name <name> --state-value ALARM "
                "--state-reason test",
                mend="The topic's policy must let `cloudwatch.amazonaws.com` publish, and the "
                "data key's policy must let it use the key.",
            ),
            Check(
                id="D2",
                title="Each log line of the canary's run has its tenant, run and step, and names "
                "no customer",
                command="aws logs tail <a function's log group> --since 1h | grep -c 'example.com'",
                mend="The count must be 0. Anything else is a fault to report privately "
                "(SECURITY.md).",
            ),
            Check(
                id="D3",
                title="A disposable stage can be removed and deployed again",
                command="make destroy STAGE=dev && make deploy STAGE=dev && make canary STAGE=dev",
                mend="The first failed resource in the stack's events names the reason.",
            ),
            Check(
                id="D4",
                title="An analyst reads profiles and is refused identities",
                command="aws athena start-query-execution --query-string 'SELECT count(*) FROM "
                "profiles' --query-execution-context Database=tessera_dev --work-group tessera-dev",
                mend="Attach the policy that `analytics_policy` makes, and nothing else.",
            ),
            Check(
                id="D5",
                title="Step Functions reports failures of executions that an alias started",
                command="aws cloudwatch list-metrics --namespace AWS/States "
                "--metric-name ExecutionsFailed",
                mend="The dimension StateMachineArn without the alias must be listed. If not, "
                "the alarm RunFailed stays silent: add the alias to its dimensions.",
            ),
            Check(
                id="D6",
                title="Customer Profiles keeps `CreatedAt` of an object type that is changed",
                command="aws customer-profiles get-profile-object-type --domain-name <domain> "
                "--object-type-name <type> --query '[CreatedAt,LastUpdatedAt]'",
                mend="Compare after a run with a new segment set: only `LastUpdatedAt` may differ. "
                "If both do, each new set sends every customer once: report it.",
            ),
            Check(
                id="D7",
                title="A customer of the canary is erased, and the stage's key signed the receipt",
                command="tessera erase <an id> --tenant canary --stage dev --receipt r.json && "
                "tessera erase --verify r.json --stage dev",
                mend="Take an id of the tiny upload, in `uploads/canary/`. If the job is denied "
                "something, compare the action with the role of `EraseData`. If the signature is "
                "wrong, KMS signed something else than the digest: report it.",
            ),
        ),
    ),
    CheckGroup(
        title="With the console",
        checks=(
            Check(
                id="E1",
                title="A request without a credential is refused by the API itself",
                command="curl -i https://<console>/v1/me",
                mend="The answer is 401 with JSON. XML or HTML means that CloudFront sent it to "
                "the page's bucket: deploy again.",
            ),
            Check(
                id="E2",
                title="An invited user signs in with a second factor and sees the overview",
                command="make console-user EMAIL=<address> ROLE=admin TENANT=default STAGE=dev",
                mend="After an error of Cognito's page, compare its `redirect_uri` with the pool's "
                "client. After a 401 in the console, read the log group of `Authorizer`.",
            ),
            Check(
                id="E3",
                title="API Gateway writes the access log under the console's key",
                command="aws logs tail <the log group of the stack's Gateway> --since 1h",
                mend="The deploying role needs logs:CreateLogDelivery, and the key's policy must "
                "let `logs.<region>.amazonaws.com` in.",
            ),
            Check(
                id="E4",
                title="A browser may upload from the console's origin",
                command="curl -i -X OPTIONS -H 'Origin: https://<console>' "
                "-H 'Access-Control-Request-Method: PUT' "
                "https://<data bucket>.s3.<region>.amazonaws.com/uploads/x.csv",
                mend="Set `console.domain` to the name in the console's address, and deploy again.",
            ),
            Check(
                id="E5",
                title="A search by id answers",
                command="aws logs tail <the log group of FindCustomer> --since 1h",
                mend="Compare the denied action with the role of `FindCustomer`, and report it.",
            ),
            Check(
                id="E6",
                title="The API assumes the role of a tenant: its pages answer, and not with 503",
                command="aws cloudtrail lookup-events --lookup-attributes "
                "AttributeKey=EventName,AttributeValue=AssumeRole",
                mend="The event of `api-<tenant>` names why it was denied. A boundary or a policy "
                "of the organisation must allow sts:TagSession, and a VPC must reach STS.",
            ),
        ),
    ),
    CheckGroup(
        title="With campaigns",
        checks=(
            Check(
                id="F1",
                title="The account may write to anybody: SES has left its sandbox",
                command="aws sesv2 get-account --query "
                "'[ProductionAccessEnabled,SendingEnabled,SendQuota]'",
                mend="Request production access in the SES console. Until then SES sends only to "
                "verified addresses, 200 a day.",
            ),
            Check(
                id="F2",
                title="The sending domain is verified, with DKIM and a MAIL FROM domain",
                command="aws sesv2 get-email-identity --email-identity <campaigns.domain> --query "
                "'[VerifiedForSendingStatus,DkimAttributes.Status,"
                "MailFromAttributes.MailFromDomainStatus]'",
                mend="Publish the records that the stack `Campaigns` prints as outputs: three of "
                "DKIM, MX and SPF of the MAIL FROM domain.",
            ),
            Check(
                id="F3",
                title="The domain has a DMARC record, which Gmail, Yahoo and Outlook ask for",
                command="dig +short TXT _dmarc.<campaigns.domain>",
                mend="Publish the output `Dmarc`. Begin with `p=none` if the domain already sends.",
            ),
            Check(
                id="F4",
                title="AdvanceCampaign may make the SES tenant, and SendChunk may send as it",
                command="aws logs tail <the log group of AdvanceCampaign> --since 1h",
                mend="Compare the denied action and its resource with the function's role. Which "
                "ARNs SES asks rights on for a tenant's mail is not documented in one place: "
                "report it.",
            ),
            Check(
                id="F5",
                title="Events of a message return its tags within a minute",
                command="aws logs tail <the log group of WriteEvents> --since 1h",
                mend="A run whose canary does not return says so on its page. Check the event "
                "destination of the configuration set, then the rule and its queue's key.",
            ),
            Check(
                id="F6",
                title="Both List-Unsubscribe headers are inside the DKIM signature of a mail",
                command="tessera campaign check <a delivered test mail, saved as .eml>",
                mend="`h=` must list `List-Unsubscribe` and `List-Unsubscribe-Post`. If it does "
                "not, something between SES and the inbox signs again.",
            ),
            Check(
                id="F7",
                title="A link of a mail opens without a login, also through the firewall",
                command="curl -i https://<console>/u/<token of a test mail>",
                mend="Exempt `/u/*` from challenges of `console.web_acl_arn`: mail clients post "
                "there without a browser.",
            ),
        ),
    ),
)
