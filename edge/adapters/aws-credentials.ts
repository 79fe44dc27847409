export * from '../../shared/aws/credentials.ts'
