/** A DynamoDB (dynalite) in a process of its own, so that what it costs is not counted with who asks it. */
import { wireDynamo } from '../support/wire-dynamodb.ts'

const wire = await wireDynamo()
process.send?.({ env: wire.env })
process.on('disconnect', () => process.exit(0))
