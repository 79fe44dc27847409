export * from '../../shared/aws/dynamodb.ts'
